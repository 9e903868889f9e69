"""Makes what only SQLAlchemy's functions take: sessions, engines, rows and bodies of requests."""

import ast
import enum
from typing import get_args

import sqlalchemy
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.orm import Session, scoped_session

from ...arguments import (
    UNKNOWN,
    Arguments,
    CannotMake,
    as_syntax,
    first_not_none,
    last_name,
    union_members,
)
from .declared import ASYNC_MAKERS
from .world import CONNECTIONS

SESSION_NAMES = {"session", "db", "db_session"}
# FastAPI's ways to say where a parameter comes from; it has no default but the one they name.
MARKERS = {"Body", "Cookie", "Depends", "Form", "Header", "Path", "Query", "Security"}


SYNC = (Session, scoped_session)
ASYNC = (AsyncSession, AsyncEngine, AsyncConnection, *ASYNC_MAKERS)
# What a module names may be imported for type checkers alone.
KNOWN = {cls.__name__: cls for cls in (*SYNC, *ASYNC, *CONNECTIONS)}


class SqlAlchemyArguments(Arguments):
    """Classes that the module itself names go before others of the same name."""

    def __init__(self, module, size, declared, world):
        own = set(filter(is_class, vars(module).values()))
        self._mappers = {mapper.class_: mapper for mapper in declared.mappers}
        super().__init__(module, size, sorted(self._mappers, key=lambda model: model in own))
        self.models = dict(reversed(self.models.items()))
        self._known = KNOWN | declared.classes
        self._world = world
        self._is_async = False

    def for_function(self, node, skip=0):
        parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        classes = [self._class_of(parameter.annotation) for parameter in parameters]
        is_sync = any(issubclass(cls, SYNC) for cls in classes)
        is_async = any(issubclass(cls, ASYNC) for cls in classes)
        self._is_async = is_async or (isinstance(node, ast.AsyncFunctionDef) and not is_sync)
        return super().for_function(node, skip)

    def _class_of(self, annotation):
        """The class that an annotation names, maybe by an alias such as `SessionDep`."""
        if isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Annotated":
            return self._class_of(annotation.slice.elts[0])
        if isinstance(annotation, ast.BinOp):
            return self._class_of(first_not_none(union_members(annotation)))
        name = last_name(annotation)
        cls = getattr(self.module, name, None) or self._known.get(name)
        if hasattr(cls, "__metadata__"):
            cls = get_args(cls)[0]
        return cls if is_class(cls) else type(None)

    def rows(self, model):
        return self._world.load(self._query(model), self._is_async)

    def row(self, model, number):
        found = self._world.load(self._query(model).offset(number).limit(1), self._is_async)
        if found:
            return found[0]
        rows = self.rows(model)
        if not rows:
            raise CannotMake(f"cannot make a {model.__name__}: the table is empty")
        return rows[-1]

    def _query(self, model):
        return sqlalchemy.select(model).order_by(*self._mappers[model].primary_key)

    def has_column(self, model, name):
        columns = self._mappers[model].columns
        return name in columns and not columns[name].primary_key and not columns[name].foreign_keys

    def value(self, model, name, number):
        mapper = self._mappers[model]
        query = sqlalchemy.select(mapper.columns[name]).order_by(*mapper.primary_key)
        return self._world.value(query.offset(number).limit(1))

    def by_special_name(self, name):
        return self._session() if name in SESSION_NAMES else UNKNOWN

    def by_special_type(self, name, type_name, number):
        cls = self._class_of(ast.Name(type_name))
        if cls.__name__ != type_name and cls is not type(None):  # an alias
            return self.make(name, as_syntax(cls), number)
        if issubclass(cls, (*SYNC, AsyncSession)):
            return self._session(cls)
        if issubclass(cls, CONNECTIONS):
            return self._world.connection(cls)
        if issubclass(cls, enum.Enum):
            return list(cls)[number % len(cls)]
        if hasattr(cls, "model_fields"):
            return self._body(cls, number)
        return UNKNOWN

    def by_special_generic(self, name, outer, parts, number):
        if outer in ("Select", "Query"):
            return self._statement(name, outer, parts[0])
        is_known = issubclass(self._class_of(ast.Name(outer)), (scoped_session, *CONNECTIONS))
        return self.by_special_type(name, outer, number) if is_known else UNKNOWN

    def _statement(self, name, outer, rows):
        """A query of all rows for `Select[tuple[Book]]` or `Query[Book]`."""
        if isinstance(rows, ast.Subscript):
            rows = rows.slice
        model = self.model(name, rows)
        return sqlalchemy.select(model) if outer == "Select" else self._session().query(model)

    def _session(self, cls=None):
        if self._is_async:
            return self._world.async_session(cls or AsyncSession)
        is_plain = cls and issubclass(cls, Session)
        return self._world.session(cls if is_plain else Session)

    def _body(self, cls, number):
        """A pydantic model, or SQLModel's class without a table, with what it requires."""
        fields = {
            name: field.annotation
            for name, field in cls.model_fields.items()
            if field.is_required()
        }
        return cls(**self.make_fields(fields, number))

    def is_required(self, default):
        return default is None or is_marker(default)

    def make_default(self, argument, default):
        """The default that FastAPI would give, or a value."""
        if default is not None:
            given = [k.value for k in default.keywords if k.arg == "default"] + default.args
            if given and isinstance(given[0], ast.Constant) and given[0].value is not ...:
                return given[0].value
        return self.make(argument.arg, argument.annotation)


def is_marker(default):
    return isinstance(default, ast.Call) and last_name(default.func) in MARKERS


def is_class(value):
    return isinstance(value, type)
