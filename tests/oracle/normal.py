"""Brings results and tables into plain values that are equal where two results mean the same."""

import dataclasses
import datetime
import re
import uuid
from collections.abc import Iterable, Mapping, Set
from decimal import Decimal
from numbers import Number

from django.db import connection, models
from django.db.models.manager import BaseManager
from django.http.response import HttpResponseBase
from django.utils.functional import Promise

from .data import concrete_models

TEXTUAL = (datetime.date, datetime.time, datetime.timedelta, uuid.UUID, Promise)
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")\w+')
DIGITS = 6


def normal(value):
    """A value made of lists, strings and numbers. Order is kept, except for sets and mappings."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)  # without its class, which may be the test's own
    if isinstance(value, (Number, Decimal)):
        return round(float(value), DIGITS)
    if isinstance(value, TEXTUAL):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, models.Model):
        return [value._meta.label, str(value.pk)]
    if isinstance(value, HttpResponseBase):
        return [value.status_code, TOKEN.sub(r"\1", body_of(value).decode("utf-8", "replace"))]
    if isinstance(value, BaseManager):
        return normal(value.all())
    return normal_collection(value)


def normal_collection(value):
    if isinstance(value, Mapping):
        return sorted(([normal(k), normal(v)] for k, v in value.items()), key=repr)
    if isinstance(value, Set):
        return sorted(map(normal, value), key=repr)
    if isinstance(value, Iterable):
        return [normal(element) for element in value]
    if dataclasses.is_dataclass(value):
        fields = [getattr(value, field.name) for field in dataclasses.fields(value)]
        return [type(value).__name__, *map(normal, fields)]
    return type(value).__name__


def body_of(response):
    return response.body if response.streaming else response.content


def dump_tables():
    """The rows of all tables, those of links between rows without their own keys."""
    found = set()
    for model in concrete_models():
        found |= rows_of(model, [f.column for f in model._meta.local_concrete_fields if f.column])
        for relation in model._meta.local_many_to_many:
            through = relation.remote_field.through
            if through._meta.auto_created:
                columns = [f.column for f in through._meta.local_fields if not f.primary_key]
                found |= rows_of(through, columns)
    return found


def rows_of(model, columns):
    """(table, row as text) of each row, numbers in one form."""
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(model._meta.db_table)}")
        rows = cursor.fetchall()
    return {(model._meta.label, repr([normal(value) for value in row])) for row in rows}


def changes(before, after):
    """The rows that went and those that came."""
    return [sorted(before - after), sorted(after - before)]
