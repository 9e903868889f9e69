"""Values for the columns of generated rows."""

import datetime
import uuid
from decimal import Decimal

from sqlalchemy import types

from ...filling import numbered_text
from ...project import NOW


def type_of(column):
    """The type of a column, of a decorated one the type below."""
    kind = column.type
    while isinstance(kind, types.TypeDecorator):
        kind = kind.impl_instance if hasattr(kind, "impl_instance") else kind.impl
    return kind


def is_text(column):
    return isinstance(type_of(column), types.String) and not isinstance(type_of(column), types.Enum)


def suits(column, value):
    """Whether a constant of the code can stand in the column."""
    if callable(value) or isinstance(value, str):
        return is_text(column)
    return isinstance(type_of(column), (types.Integer, types.Numeric))


def looked_for(column, value, number):
    """A value that the code looks for, in the column's own type."""
    value = value(number + 1) if callable(value) else value
    is_decimal = isinstance(type_of(column), types.Numeric) and type_of(column).asdecimal
    return Decimal(str(value)) if is_decimal else value


def plain_value(column, number):
    """The value for the first class in VALUES that the column's type is an instance of."""
    for kind, make in VALUES:
        if isinstance(type_of(column), kind):
            return make(column, number)
    return None if column.nullable else numbered_text(column.key, number, None)


def text(column, number):
    return numbered_text(column.key, number, type_of(column).length)


def moment(column, number):
    """Days before NOW; of two dates in a table the later declared one is later."""
    kinds = (types.Date, types.DateTime)
    dates = [c.key for c in column.table.columns if isinstance(type_of(c), kinds)]
    value = NOW + datetime.timedelta(days=dates.index(column.key) - number)
    return value if getattr(type_of(column), "timezone", False) else value.replace(tzinfo=None)


def number_value(column, number):
    kind = type_of(column)
    if not kind.asdecimal:
        return number % 9 + 1.5
    step = Decimal(1).scaleb(-(2 if kind.scale is None else kind.scale))
    return (Decimal("1.25") * (number % 7 + 1)).quantize(step)


def integer(column, number):
    is_key = column.primary_key or column.unique
    return number + 1 if is_key else number % 9 + 1


def choice(column, number):
    kind = type_of(column)
    choices = list(kind.enum_class or kind.enums)
    return choices[(number + number // len(choices)) % len(choices)]


def unique_identifier(column, number):
    value = uuid.UUID(int=number + 1)
    return value if type_of(column).as_uuid else str(value)


# Subclasses stand before the classes they derive from.
VALUES = [
    (types.Boolean, lambda column, number: number % 3 != 2),
    (types.Enum, choice),
    (types.DateTime, moment),
    (types.Date, lambda column, number: moment(column, number).date()),
    (types.Time, lambda column, number: datetime.time(hour=number % 24)),
    (types.Interval, lambda column, number: datetime.timedelta(hours=number + 1)),
    (types.Numeric, number_value),
    (types.Integer, integer),
    (types.LargeBinary, lambda column, number: bytes([number % 256]) * 4),
    (types.JSON, lambda column, number: {"number": number + 1}),
    (types.PickleType, lambda column, number: {"number": number + 1}),
    (types.String, text),
]
if hasattr(types, "Uuid"):  # since 2.0
    VALUES.insert(0, (types.Uuid, unique_identifier))
