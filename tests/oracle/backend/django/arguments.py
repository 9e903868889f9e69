"""Makes what only Django's functions take: requests, query sets, managers and rows of models."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import connection
from django.test import RequestFactory

from ...arguments import UNKNOWN, Arguments, CannotMake
from .data import concrete_models

REQUESTS = {"HttpRequest", "WSGIRequest", "ASGIRequest"}
QUERIES = {"QuerySet", "Manager", "BaseManager", "RelatedManager"}


def make_request(method="GET"):
    """A request without data, of the first user, who may do everything."""
    request = getattr(RequestFactory(), method.lower())("/")
    request.user = get_user_model()._base_manager.first()
    request.session = SessionStore()
    request._messages = CookieStorage(request)
    return request


class DjangoArguments(Arguments):
    """Models of the module's own app go before others of the same name."""

    def __init__(self, module, size, method="GET"):
        app = module.__name__.partition(".")[0]
        by_relevance = sorted(concrete_models(), key=lambda m: m._meta.app_label == app)
        super().__init__(module, size, by_relevance)
        self.models = dict(reversed(self.models.items()))
        self.method = method

    def rows(self, model):
        return list(model._default_manager.all())

    def row(self, model, number):
        rows = model._base_manager.order_by("pk")[: number + 1]
        if not rows:
            raise CannotMake(f"cannot make a {model.__name__}: the table is empty")
        return list(rows)[-1]

    def has_column(self, model, name):
        return any(
            field.name == name and not field.is_relation and not field.primary_key
            for field in model._meta.concrete_fields
        )

    def value(self, model, name, number):
        return getattr(self.row(model, number), name)

    def by_special_name(self, name):
        if name == "request":
            return make_request(self.method)
        if name == "apps":
            return apps
        if name == "schema_editor":
            return connection.schema_editor()
        if name == "context":
            return {"request": make_request(self.method)}
        if name == "user" and name not in self.by_name:
            return self.row(get_user_model(), 0)
        return UNKNOWN

    def by_special_type(self, name, type_name, number):
        if type_name in REQUESTS:
            return make_request(self.method)
        if type_name in QUERIES and name in self.by_plural:
            return self._query(self.by_plural[name], type_name)
        return UNKNOWN

    def by_special_generic(self, name, outer, parts, number):
        return self._query(self.model(name, parts[0]), outer) if outer in QUERIES else UNKNOWN

    def _query(self, model, type_name):
        manager = model._default_manager
        return manager.all() if type_name == "QuerySet" else manager
