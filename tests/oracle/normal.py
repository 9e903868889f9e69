"""Brings results and rows into plain values that are equal where two results mean the same."""

import dataclasses
import datetime
import uuid
from collections.abc import Iterable, Mapping, Set
from decimal import Decimal
from numbers import Number

TEXTUAL = (datetime.date, datetime.time, datetime.timedelta, uuid.UUID)
DIGITS = 6
UNKNOWN = object()


class Normal:
    """Makes plain values. `special` gives those of what only the backend knows, else UNKNOWN."""

    def __init__(self, special):
        self._special = special

    def __call__(self, value):
        """Lists, strings and numbers. Order is kept, except for sets and mappings."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return str.__str__(value)  # without its class, which may be the test's own
        if isinstance(value, (Number, Decimal)):
            return round(float(value), DIGITS)
        special = self._special(value)
        if special is not UNKNOWN:
            return special
        if isinstance(value, TEXTUAL):
            return str(value)
        if isinstance(value, (bytes, bytearray, memoryview)):
            return bytes(value).decode("utf-8", "replace")
        return self._collection(value)

    def _collection(self, value):
        if isinstance(value, Mapping):
            return sorted(([self(k), self(v)] for k, v in value.items()), key=repr)
        if isinstance(value, Set):
            return sorted(map(self, value), key=repr)
        if isinstance(value, Iterable):
            return [self(element) for element in value]
        if dataclasses.is_dataclass(value):
            fields = [getattr(value, field.name) for field in dataclasses.fields(value)]
            return [type(value).__name__, *map(self, fields)]
        return type(value).__name__


def changes(before, after):
    """The rows that went and those that came."""
    return [sorted(before - after), sorted(after - before)]
