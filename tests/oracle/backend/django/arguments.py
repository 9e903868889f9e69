"""Makes the arguments that a function is called with, from annotations and names in its source."""

import ast
import datetime
import io
import uuid
from decimal import Decimal

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import connection
from django.test import RequestFactory

from .data import concrete_models
from .project import NOW

REQUESTS = {"HttpRequest", "WSGIRequest", "ASGIRequest"}
QUERIES = {"QuerySet", "Manager", "BaseManager", "RelatedManager"}
LISTS = {"list", "List", "Sequence", "Iterable", "Collection", "MutableSequence"}
OTHERS = {"set": set, "Set": set, "frozenset": frozenset, "Iterator": iter, "Generator": iter}
MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping"}
WRAPPERS = {"Optional", "Annotated", "Final", "Union"}
SCALARS = {
    "int": lambda number: number + 1,
    "str": lambda number: f"x{number}" if number else "x",
    "float": lambda number: number + 1.0,
    "Decimal": lambda number: Decimal(number + 1),
    "bool": lambda number: True,
    "bytes": lambda number: b"x",
    "date": lambda number: NOW.date() - datetime.timedelta(days=number),
    "datetime": lambda number: NOW - datetime.timedelta(days=number),
    "timedelta": lambda number: datetime.timedelta(days=number + 1),
    "UUID": lambda number: uuid.UUID(int=number + 1),
    "object": lambda number: number + 1,
    "Any": lambda number: number + 1,
    "TextIO": lambda number: io.StringIO(),
    "StringIO": lambda number: io.StringIO(),
}
KEYS = {"id", "pk"}
KEY_LISTS = {"ids", "pks"}


class CannotMake(Exception):
    """No value is known for a parameter."""


def make_request(method="GET"):
    """A request without data, of the first user, who may do everything."""
    request = getattr(RequestFactory(), method.lower())("/")
    request.user = get_user_model()._base_manager.first()
    request.session = SessionStore()
    request._messages = CookieStorage(request)
    return request


def words_of(name):
    """`OrderLine` -> `order_line`."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def plurals_of(name):
    return {f"{name}s", f"{name}es", f"{name.removesuffix('y')}ies"}


class Arguments:
    """Makes values for parameters of the functions in one module; `size` is that of the lists."""

    def __init__(self, module, size, method="GET"):
        self.module = module
        self.size = size
        self.method = method
        app = module.__name__.partition(".")[0]
        by_relevance = sorted(concrete_models(), key=lambda m: m._meta.app_label == app)
        self.models = {model.__name__: model for model in by_relevance}
        self.by_name = {words_of(name): model for name, model in self.models.items()}
        self.by_plural = {
            plural: model for name, model in self.by_name.items() for plural in plurals_of(name)
        }

    def for_function(self, node, skip=0):
        """Positional and keyword arguments for a function's syntax tree, but no optional ones."""
        given = node.args
        positional = [*given.posonlyargs, *given.args]
        required = positional[: len(positional) - len(given.defaults)][skip:]
        keywords = [
            a for a, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if not default
        ]
        return (
            [self.make(a.arg, a.annotation) for a in required],
            {a.arg: self.make(a.arg, a.annotation) for a in keywords},
        )

    def make(self, name, annotation=None, number=0):
        """A value for a parameter. Raises CannotMake."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            annotation = ast.parse(annotation.value, mode="eval").body
        if isinstance(annotation, ast.BinOp):
            return self.make(name, first_not_none(union_members(annotation)), number)
        if isinstance(annotation, ast.Subscript):
            return self._make_generic(name, last_name(annotation.value), annotation.slice, number)
        if annotation is None:
            return self._make_by_name(name)
        return self._make_by_type(name, last_name(annotation), number)

    def _make_by_name(self, name):
        if name == "request":
            return make_request(self.method)
        if name == "apps":
            return apps
        if name == "schema_editor":
            return connection.schema_editor()
        if name in ("year", "month", "day"):
            return getattr(NOW, name)
        if name == "context":
            return {"request": make_request(self.method)}
        if name in KEYS or name.endswith(("_id", "_pk")):
            return 1
        if name in KEY_LISTS or name.endswith(("_ids", "_pks")):
            return self._list(name, ast.Name("int"))
        if name in self.by_name or name == "user":
            return self._row(self.by_name.get(name, get_user_model()), 0)
        if name in self.by_plural:
            return list(self.by_plural[name]._default_manager.all())
        raise CannotMake(f"cannot make argument '{name}': annotate it")

    def _make_by_type(self, name, type_name, number):
        if type_name in self.models:
            return self._row(self.models[type_name], number)
        if type_name in REQUESTS:
            return make_request(self.method)
        if type_name in SCALARS:
            return self._scalar(name, type_name, number)
        if type_name in QUERIES and name in self.by_plural:
            return self._query(self.by_plural[name], type_name)
        if type_name in LISTS | MAPPINGS | OTHERS.keys():
            return self._make_by_name(name)
        cls = getattr(self.module, type_name, None)
        if hasattr(cls, "__dataclass_fields__"):
            return self._dataclass(cls, number)
        raise CannotMake(f"cannot make argument '{name}': its type '{type_name}' is not known")

    def _make_generic(self, name, outer, inner, number):
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if outer in WRAPPERS:
            return self.make(name, first_not_none(parts), number)
        if outer in QUERIES:
            return self._query(self._model(name, parts[0]), outer)
        if outer in LISTS:
            return self._list(name, parts[0])
        if outer in OTHERS:
            return OTHERS[outer](self._list(name, parts[0]))
        if outer in MAPPINGS:
            return self._mapping(name, *parts)
        if outer in ("tuple", "Tuple"):
            if last_name(parts[-1]) == "Ellipsis":
                return tuple(self._list(name, parts[0]))
            return tuple(self.make(name, part, number) for part in parts)
        if outer in ("type", "Type"):
            return self._model(name, parts[0])
        raise CannotMake(f"cannot make argument '{name}': its type '{outer}[]' is not known")

    def _model(self, name, annotation):
        """The model that an annotation such as `Book` or `"Book"` names."""
        type_name = last_name(annotation)
        if type_name not in self.models:
            raise CannotMake(f"cannot make argument '{name}': '{type_name}' is no model")
        return self.models[type_name]

    def _list(self, name, element):
        """All rows of a model, or as many other values as `size` says."""
        model = self.models.get(last_name(element))
        if model:
            return list(model._default_manager.all())
        singular = next((n for n in self._columns() if name in plurals_of(n)), name)
        return [self.make(singular, element, number) for number in range(self.size)]

    def _mapping(self, name, key, value):
        """As many entries as there are rows, if the keys or the values are rows."""
        keys, values = self._list(name, key), self._list(name, value)
        if last_name(value) in self.models and last_name(key) not in self.models:
            keys = [self.make(name, key, number) for number in range(len(values))]
        return dict(zip(keys, values, strict=False))

    def _row(self, model, number):
        """The row of that number in the order of keys, or the last one."""
        rows = model._base_manager.order_by("pk")[: number + 1]
        if not rows:
            raise CannotMake(f"cannot make a {model.__name__}: the table is empty")
        return list(rows)[-1]

    def _query(self, model, type_name):
        manager = model._default_manager
        return manager.all() if type_name == "QuerySet" else manager

    def _scalar(self, name, type_name, number):
        """What a row has in a column of that name and type; else a plain value of the type."""
        if name in ("year", "month", "day"):
            return getattr(NOW, name)
        plain = SCALARS[type_name](number)
        for model in self._columns().get(name, []):
            value = getattr(self._row(model, number), name)
            if type(value) is type(plain):
                return value
        return plain

    def _columns(self):
        """The models that have a column of a name; those of the module's app first."""
        found = {}
        for model in reversed(self.models.values()):
            for field in model._meta.concrete_fields:
                if not field.is_relation and not field.primary_key:
                    found.setdefault(field.name, []).append(model)
        return found

    def _dataclass(self, cls, number):
        values = {}
        for field in cls.__dataclass_fields__.values():
            annotation = field.type if isinstance(field.type, str) else field.type.__name__
            values[field.name] = self.make(field.name, ast.Constant(annotation), number)
        return cls(**values)


def union_members(annotation):
    if isinstance(annotation, ast.BinOp):
        return [*union_members(annotation.left), *union_members(annotation.right)]
    return [annotation]


def first_not_none(annotations):
    return next(a for a in annotations if last_name(a) != "None")


def last_name(annotation):
    """`models.QuerySet` -> `QuerySet`; constants by their text."""
    if isinstance(annotation, ast.Attribute):
        return annotation.attr
    if isinstance(annotation, ast.Constant):
        return "Ellipsis" if annotation.value is ... else str(annotation.value)
    if isinstance(annotation, ast.Subscript):
        return last_name(annotation.value)
    return getattr(annotation, "id", "")
