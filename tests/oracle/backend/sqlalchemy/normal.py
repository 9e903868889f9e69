"""Brings what SQLAlchemy code returns, and the rows of its tables, into plain values."""

import datetime
import enum

from sqlalchemy.engine import CursorResult
from sqlalchemy.orm.state import InstanceState
from sqlalchemy.sql import ClauseElement

from ...normal import UNKNOWN, Normal

# What SQLite's own clock writes, which cannot be set.
REAL_DAYS = tuple(
    str(datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=days))
    for days in (0, 1)
)


def special(value):
    state = getattr(value, "_sa_instance_state", None)
    if isinstance(state, InstanceState):
        return normal_row(state)
    if isinstance(value, enum.Enum):
        return normal(value.value)
    if isinstance(value, ClauseElement):
        return str(value)
    if isinstance(value, CursorResult) and not value.returns_rows:
        return value.rowcount
    if hasattr(value, "status_code"):  # a response of Flask or Starlette
        body = value.get_data() if hasattr(value, "get_data") else getattr(value, "body", b"")
        return [value.status_code, body.decode("utf-8", "replace")]
    return UNKNOWN


def normal_row(state):
    """A row by its key; one that was never saved by its columns."""
    name = state.class_.__name__
    if state.identity:
        return [name, [str(part) for part in state.identity]]
    columns = sorted(state.mapper.column_attrs.keys())
    return [name, [[key, normal(state.dict[key])] for key in columns if key in state.dict]]


normal = Normal(special)


def dump(connection, tables):
    """(table, row as text) of each row of all tables."""
    found = set()
    for table in tables:
        name = connection.dialect.identifier_preparer.format_table(table)
        for row in connection.exec_driver_sql(f"SELECT * FROM {name}"):
            found.add((table.name, repr([normal_value(value) for value in row])))
    return found


def normal_value(value):
    """A value as SQLite has it, without the time at which the oracle runs."""
    is_now = isinstance(value, str) and value.startswith(REAL_DAYS)
    return "now" if is_now else normal(value)
