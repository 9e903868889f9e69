"""The sessions of one call: they load its arguments, run it, and show what it left behind."""

import asyncio

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.orm import Session, sessionmaker

from ...calls import awaited
from .declared import ASYNC_MAKERS
from .stack import remember_creators

CONNECTIONS = (Connection, Engine, AsyncConnection, AsyncEngine, sessionmaker, *ASYNC_MAKERS)


class World:
    """A session, and an asynchronous one with its event loop, each made when it is asked for."""

    def __init__(self, declared, database):
        self._declared = declared
        self._database = database
        self._runner = asyncio.Runner()
        self._session = None
        self._async_session = None

    def session(self, cls=Session):
        if self._session is None:
            self._session = self._make_session(cls)
        return self._session

    def async_session(self, cls=AsyncSession):
        if self._async_session is None:
            self._async_session = self._make_async_session(cls)
        return self._async_session

    def _make_session(self, cls):
        maker = self._declared.session_maker(is_async=False)
        if maker is None:
            return cls(self._database.engine)
        return maker() if isinstance(maker, sessionmaker) else maker

    def _make_async_session(self, cls):
        maker = self._declared.session_maker(is_async=True)
        return maker() if maker else cls(self._database.async_engine, expire_on_commit=False)

    def connection(self, cls):
        """One of CONNECTIONS."""
        if issubclass(cls, Engine):
            return self._database.engine
        if issubclass(cls, Connection):
            return self._database.engine.connect()
        if issubclass(cls, sessionmaker):
            return self._declared.session_maker(is_async=False) or cls(self._database.engine)
        engine = self._database.async_engine
        if issubclass(cls, AsyncEngine):
            return engine
        if issubclass(cls, AsyncConnection):
            return self.run(awaited(engine.connect()))
        maker = self._declared.session_maker(is_async=True)
        return maker or cls(engine, expire_on_commit=False)

    def run(self, awaitable):
        """Awaits it in this call's event loop."""
        remember_creators(self._runner.get_loop())
        return self._runner.run(awaitable)

    def load(self, query, is_async):
        """The rows of a query, loaded by the session that the call works with."""
        return self.work(lambda session: list(session.execute(query).unique().scalars()), is_async)

    def work(self, function, is_async):
        """What a function returns that is called with the session, the plain one in any case."""
        if is_async:
            return self.run(self.async_session().run_sync(function))
        return function(self.session())

    def value(self, query):
        """The one value of a query that leaves nothing behind in any session."""
        with self._database.engine.connect() as connection:
            return connection.execute(query).scalar()

    def settle(self):
        """Ends the transactions in which arguments were loaded, but keeps these loaded."""
        self._on_open_sessions(end_loading)

    def flush(self):
        """Writes what the call has left to be written at its caller's COMMIT."""
        self._on_open_sessions(flush)

    def dump(self, function):
        """What `function` says of the connection that sees all that the call wrote."""
        found = []
        self._on_open_sessions(lambda session: found.append(function(session.connection())))
        if not found:
            with self._database.engine.connect() as connection:
                found.append(function(connection))
        return found[-1]

    def close(self):
        self._on_open_sessions(lambda session: session.rollback())
        if self._async_session is not None:
            self.run(self._async_session.close())
        if self._session is not None:
            self._session.close()
        self._runner.close()

    def _on_open_sessions(self, function):
        if self._session is not None:
            self.work(function, is_async=False)
        if self._async_session is not None:
            self.work(function, is_async=True)


def end_loading(session):
    session = session() if hasattr(session, "registry") else session
    expires, session.expire_on_commit = session.expire_on_commit, False
    session.commit()
    session.expire_on_commit = expires


def flush(session):
    if session.is_active:
        session.flush()
    else:
        session.rollback()
