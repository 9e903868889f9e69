"""Tests written for SQLAlchemy, and for what builds on it where that is installed."""

from importlib.util import find_spec

NEEDED = ("aiosqlite", "sqlalchemy.ext.asyncio", "sqlalchemy.orm", "time_machine")
OPTIONAL = ("flask_sqlalchemy", "sqlmodel", "fastapi")
PRELOADED = (*NEEDED, *(name for name in OPTIONAL if find_spec(name)))


def set_up(test, root):
    """Makes this process the SQLAlchemy project of a test."""
    from .running import SqlAlchemyProject  # imports SQLAlchemy, which other tests do without

    return SqlAlchemyProject(test, root)
