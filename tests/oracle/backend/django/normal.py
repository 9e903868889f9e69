"""Brings what Django returns, and the rows of its tables, into plain values."""

import re

from django.db import connection, models
from django.db.models.manager import BaseManager
from django.http.response import HttpResponseBase
from django.utils.functional import Promise

from ...normal import UNKNOWN, Normal
from .data import concrete_models

TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")\w+')


def normal_special(value):
    if isinstance(value, models.Model):
        return [value._meta.label, str(value.pk)]
    if isinstance(value, HttpResponseBase):
        body = value.body if value.streaming else value.content
        return [value.status_code, TOKEN.sub(r"\1", body.decode("utf-8", "replace"))]
    if isinstance(value, BaseManager):
        return normal(value.all())
    return str(value) if isinstance(value, Promise) else UNKNOWN


normal = Normal(normal_special)


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
