"""What of a Django project is called, and how: functions, views, commands and admin lists."""

import inspect
import io
import re
from collections.abc import AsyncIterator, Iterator

from asgiref.sync import async_to_sync
from django.apps import apps
from django.core.management import BaseCommand
from django.core.paginator import Page
from django.db.models import QuerySet
from django.db.models.query import RawQuerySet
from django.http.response import HttpResponseBase
from django.views import View
from django.views.generic.detail import SingleObjectMixin

from ...calls import Call, awaited
from .arguments import DjangoArguments, make_request

LAZY = (QuerySet, RawQuerySet, Page, Iterator)
URL_ARGUMENT = re.compile(r"self\.kwargs\[[\"'](\w+)[\"']\]")


def is_receiver(node):
    """Whether a function receives signals."""
    return bool(node.args.args) and node.args.args[0].arg == "sender"


def function_calls(module, unit, node, text):
    """A function; a view that looks at the method is called with each."""
    if is_receiver(node):
        return
    takes_post = "request" in argument_names(node) and "POST" in text_of(unit, text)
    for method in ["GET", "POST"] if takes_post else ["GET"]:
        name = f"{unit.path} {unit.name}" + f" ({method})" * takes_post

        def prepare(size, method=method):
            positional, keywords = DjangoArguments(module, size, method).for_function(node)
            return lambda: getattr(module, unit.name)(*positional, **keywords)

        yield Call(name, unit, prepare)


def argument_names(node):
    return {argument.arg for argument in node.args.args}


def text_of(unit, text):
    return "\n".join(text.splitlines()[unit.first - 1 : unit.last])


def class_calls(cls, unit, node, text):
    if issubclass(cls, View):
        yield from view_calls(cls, unit, node, text)
    elif issubclass(cls, BaseCommand):
        yield Call(f"{unit.path} {unit.name}.handle", unit, lambda size: prepare_command(cls, size))
    elif admin := registered_admin(cls):
        yield Call(f"{unit.path} {unit.name}", unit, lambda size: prepare_admin(admin))


def view_calls(cls, unit, node, text):
    """The methods of HTTP that a view defines; `get` of one that inherits it."""
    own = {statement.name: statement for statement in node.body if hasattr(statement, "name")}
    methods = [name for name in ("get", "post") if name in own]
    if not methods and hasattr(cls, "get"):
        methods = ["get"]
    for method in methods:

        def prepare(size, method=method):
            arguments = DjangoArguments(inspect.getmodule(cls), size, method.upper())
            keywords = view_keywords(cls, own.get(method), arguments, text_of(unit, text))
            request = make_request(method.upper())
            return lambda: cls.as_view()(request, **keywords)

        yield Call(f"{unit.path} {unit.name}.{method}", unit, prepare)


def view_keywords(cls, node, arguments, text):
    """What the URL would give a view: what its method takes or its code reads."""
    keywords = {name: arguments.make(name) for name in URL_ARGUMENT.findall(text)}
    if node:
        values, more = arguments.for_function(node, skip=2)
        names = [argument.arg for argument in node.args.args[2:]]
        keywords |= dict(zip(names, values, strict=False)) | more
    if issubclass(cls, SingleObjectMixin) and not keywords:
        keywords["pk"] = 1
    return keywords


def prepare_command(cls, size):
    """`handle` with the defaults of a command's options, and values for what it requires."""
    command = cls(stdout=io.StringIO(), stderr=io.StringIO())
    arguments = DjangoArguments(inspect.getmodule(cls), size)
    options = {}
    for action in command.create_parser("manage.py", "command")._actions:
        is_needed = action.required and action.dest != "help"
        options[action.dest] = option_value(action, arguments) if is_needed else action.default
    return lambda: command.handle(**options)


def option_value(action, arguments):
    if action.type is int:
        return list(range(1, arguments.size + 1)) if action.nargs in ("+", "*") else 1
    return arguments.make(action.dest)


def registered_admin(cls):
    """The admin of this class that the site serves."""
    if not apps.is_installed("django.contrib.admin"):
        return None
    from django.contrib import admin

    return next((a for a in admin.site._registry.values() if type(a) is cls), None)


def prepare_admin(admin):
    """The admin's list of rows."""
    request = make_request()
    return lambda: admin.changelist_view(request)


def run_to_end(function):
    """What a function returns, awaited, rendered, and iterated where it is lazy."""
    result = function()
    if inspect.isawaitable(result) or isinstance(result, AsyncIterator):
        result = async_to_sync(awaited)(result)
    if isinstance(result, HttpResponseBase):
        return rendered(result)
    return list(result) if isinstance(result, LAZY) else result


def rendered(response):
    if hasattr(response, "render"):
        response.render()
    if response.streaming:
        response.body = b"".join(response.streaming_content)
    return response
