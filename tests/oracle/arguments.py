"""Makes the arguments that a function is called with, from annotations and names in its source."""

import ast
import dataclasses
import datetime
import io
import uuid
from decimal import Decimal

from .project import NOW

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
UNKNOWN = object()  # what a backend's part says where it knows no value


class CannotMake(Exception):
    """No value is known for a parameter."""


def words_of(name):
    """`OrderLine` -> `order_line`."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def plurals_of(name):
    return {f"{name}s", f"{name}es", f"{name.removesuffix('y')}ies"}


class Arguments:
    """Makes values for parameters of the functions in one module; `size` is that of the lists.

    `models` are the classes whose objects are rows. What follows from the ORM is the subclasses'.
    """

    def __init__(self, module, size, models):
        self.module = module
        self.size = size
        self.models = {model.__name__: model for model in models}
        self.by_name = {words_of(name): model for name, model in self.models.items()}
        self.by_plural = {
            plural: model for name, model in self.by_name.items() for plural in plurals_of(name)
        }

    def rows(self, model):
        """All rows of a model in the order of its keys."""
        raise NotImplementedError

    def row(self, model, number):
        """The row of that number, or the last one. Raises CannotMake if there is none."""
        raise NotImplementedError

    def has_column(self, model, name):
        """Whether a model has a column of that name that is no key of a row."""
        raise NotImplementedError

    def value(self, model, name, number):
        """What the row of that number has in a column."""
        raise NotImplementedError

    def by_special_name(self, name):
        """A value for a parameter of which only the name is known, or UNKNOWN."""
        return UNKNOWN

    def by_special_type(self, name, type_name, number):
        """A value of a type that only the backend knows, or UNKNOWN."""
        return UNKNOWN

    def by_special_generic(self, name, outer, parts, number):
        """A value of a generic type that only the backend knows, or UNKNOWN."""
        return UNKNOWN

    def is_required(self, default):
        """Whether a parameter with that default, None for none, is given a value."""
        return default is None

    def for_function(self, node, skip=0):
        """Positional and keyword arguments for a function's syntax tree, but no optional ones."""
        given = node.args
        positional = [*given.posonlyargs, *given.args]
        defaults = [None] * (len(positional) - len(given.defaults)) + given.defaults
        values, keywords = [], {}
        for argument, default in list(zip(positional, defaults, strict=True))[skip:]:
            if default is None:
                values.append(self.make(argument.arg, argument.annotation))
            elif self.is_required(default):
                keywords[argument.arg] = self.make_default(argument, default)
        for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            if self.is_required(default):
                keywords[argument.arg] = self.make_default(argument, default)
        return values, keywords

    def make_default(self, argument, default):
        """A value for a parameter that `is_required` in spite of its default."""
        return self.make(argument.arg, argument.annotation)

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
        special = self.by_special_name(name)
        if special is not UNKNOWN:
            return special
        if name in ("year", "month", "day"):
            return getattr(NOW, name)
        if name in KEYS or name.endswith(("_id", "_pk")):
            return 1
        if name in KEY_LISTS or name.endswith(("_ids", "_pks")):
            return self._list(name, ast.Name("int"))
        if name in self.by_name:
            return self.row(self.by_name[name], 0)
        if name in self.by_plural:
            return self.rows(self.by_plural[name])
        raise CannotMake(f"cannot make argument '{name}': annotate it")

    def _make_by_type(self, name, type_name, number):
        if type_name in self.models:
            return self.row(self.models[type_name], number)
        special = self.by_special_type(name, type_name, number)
        if special is not UNKNOWN:
            return special
        if type_name in SCALARS:
            return self._scalar(name, type_name, number)
        if type_name in LISTS | MAPPINGS | OTHERS.keys():
            return self._make_by_name(name)
        cls = getattr(self.module, type_name, None)
        if hasattr(cls, "__dataclass_fields__"):
            return self._dataclass(cls, number)
        raise CannotMake(f"cannot make argument '{name}': its type '{type_name}' is not known")

    def _make_generic(self, name, outer, inner, number):
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        special = self.by_special_generic(name, outer, parts, number)
        if special is not UNKNOWN:
            return special
        if outer in WRAPPERS:
            return self.make(name, first_not_none(parts), number)
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
            return self.model(name, parts[0])
        raise CannotMake(f"cannot make argument '{name}': its type '{outer}[]' is not known")

    def model(self, name, annotation):
        """The model that an annotation such as `Book` or `"Book"` names."""
        type_name = last_name(annotation)
        if type_name not in self.models:
            raise CannotMake(f"cannot make argument '{name}': '{type_name}' is no model")
        return self.models[type_name]

    def _list(self, name, element):
        """All rows of a model, or as many other values as `size` says."""
        model = self.models.get(last_name(element))
        if model:
            return self.rows(model)
        columns = (n for n in singular_forms(name) if self._models_with(n))
        singular = next(columns, name)
        return [self.make(singular, element, number) for number in range(self.size)]

    def _mapping(self, name, key, value):
        """As many entries as there are rows, if the keys or the values are rows."""
        keys, values = self._list(name, key), self._list(name, value)
        if last_name(value) in self.models and last_name(key) not in self.models:
            keys = [self.make(name, key, number) for number in range(len(values))]
        return dict(zip(keys, values, strict=False))

    def _scalar(self, name, type_name, number):
        """What a row has in a column of that name and type; else a plain value of the type."""
        if name in ("year", "month", "day"):
            return getattr(NOW, name)
        plain = SCALARS[type_name](number)
        for model in self._models_with(name):
            value = self.value(model, name, number)
            if type(value) is type(plain):
                return value
        return plain

    def _models_with(self, column):
        return [model for model in self.models.values() if self.has_column(model, column)]

    def _dataclass(self, cls, number):
        fields = {field.name: field.type for field in dataclasses.fields(cls)}
        return cls(**self.make_fields(fields, number))

    def make_fields(self, types, number):
        """Values for fields, whose types are real ones or their names."""
        return {name: self.make(name, as_syntax(kind), number) for name, kind in types.items()}


def singular_forms(name):
    """The words of which a name is the plural: `countries` -> `country`, ..."""
    forms = [name.removesuffix("s"), name.removesuffix("es"), f"{name.removesuffix('ies')}y"]
    return [form for form in forms if name in plurals_of(form)]


def as_syntax(kind):
    """A type, or its text, as an annotation's syntax tree."""
    is_plain = isinstance(kind, type) and not hasattr(kind, "__args__")
    return ast.Constant(kind.__name__ if is_plain else str(kind))


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
