"""The one SQLite file that every engine of a test works on, and the meter on its statements."""

import shutil
import sqlite3
import sys

import sqlalchemy
import sqlalchemy.ext.asyncio
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool

from ...meter import METER, MeteredRows

# A COMMIT is a way to the disk, a SAVEPOINT and its end ways to the server, so they count.
IGNORED = {"BEGIN", "ROLLBACK", "PRAGMA"}
BATCHING = {"_emit_insert_statements", "_exec_insertmany_context"}
# Where code finds `create_engine` or `create_async_engine`, directly or by `engine_from_config`.
MODULES = (
    "sqlalchemy",
    "sqlalchemy.engine",
    "sqlalchemy.engine.create",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.ext.asyncio.engine",
    "sqlmodel",
)
KEPT_OPTIONS = {"future", "execution_options", "isolation_level"}


class MeteredCursor(MeteredRows, sqlite3.Cursor):
    """Tells the meter each row that is fetched."""


class MeteredConnection(sqlite3.Connection):
    def cursor(self, factory=MeteredCursor):
        return super().cursor(factory)


class Database:
    """Makes the engines. A call may write to the file; `restore` brings back what `keep` kept."""

    def __init__(self, folder):
        self._file = folder / "oracle.db"
        self._kept = folder / "oracle.kept.db"
        self._create = sqlalchemy.create_engine
        self._create_async = sqlalchemy.ext.asyncio.create_async_engine
        self.engine = self.create_engine()
        self.async_engine = self.create_async_engine()

    def create_engine(self, url="", **options):
        """Stands in for `create_engine`: whatever the URL, the engine works on the file."""
        return self._create(f"sqlite:///{self._file}", **self._options(options))

    def create_async_engine(self, url="", **options):
        return self._create_async(f"sqlite+aiosqlite:///{self._file}", **self._options(options))

    @staticmethod
    def _options(options):
        kept = {name: value for name, value in options.items() if name in KEPT_OPTIONS}
        # Without a pool no connection outlives a fork or an event loop.
        return {**kept, "poolclass": NullPool, "connect_args": {"factory": MeteredConnection}}

    def intercept(self):
        """From now on the code of the test gets these engines, and their statements count."""
        for name in MODULES:
            module = sys.modules.get(name)
            for stand_in in (self.create_engine, self.create_async_engine):
                if hasattr(module, stand_in.__name__):
                    setattr(module, stand_in.__name__, stand_in)
        event.listen(Engine, "before_cursor_execute", StatementCounter())
        event.listen(Engine, "commit", count_commit)

    def empty(self):
        self._file.unlink(missing_ok=True)

    def keep(self):
        shutil.copy(self._file, self._kept)

    def restore(self):
        shutil.copy(self._kept, self._file)


def find_batch(frame):
    """The frame in which SQLAlchemy writes several new rows, if it is doing that."""
    while frame and frame.f_code.co_name not in BATCHING:
        frame = frame.f_back
    return frame


class StatementCounter:
    """Tells the meter each statement, but one INSERT for the rows that are written together.

    SQLite gets these one by one, since it would give their keys back in any order. PostgreSQL gets
    hundreds at a time, and that is what the code asks for.
    """

    def __init__(self):
        self._last = None

    def __call__(self, connection, cursor, statement, parameters, context, executemany):
        batch = find_batch(sys._getframe(1))
        if batch and self._last == (batch, statement):
            return
        self._last = (batch, statement)
        METER.count_statement(statement, IGNORED, len(parameters) if executemany else 1)


def count_commit(connection):
    METER.count_statement("COMMIT", IGNORED)
