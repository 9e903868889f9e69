"""SQLAlchemy behind the interface of all ORMs."""

from contextlib import contextmanager, nullcontext
from functools import partial

import time_machine

from ...calls import Call
from ...project import NOW
from ..base import Project
from .arguments import SqlAlchemyArguments
from .calls import failed_load, is_called_by_others, run_to_end, with_answer
from .data import Filler
from .database import Database
from .declared import Declared, load_modules
from .lookups import lookups_of
from .normal import dump, normal
from .stack import LinkedStack
from .world import World


class SqlAlchemyProject(Project):
    stack = LinkedStack
    lookups_of = staticmethod(lookups_of)
    failed_load = staticmethod(failed_load)

    def __init__(self, test, root):
        self._database = Database(root)
        self._database.intercept()
        self._declared = Declared(load_modules(test))
        self._declared.bind_makers(self._database.engine, self._database.async_engine)
        self._app = self._declared.app
        self._world = None

    def fill(self, size, lookups):
        database, declared = self._database, self._declared
        database.empty()
        declared.create_tables(database.engine)
        with database.engine.begin() as connection:
            Filler(declared.tables, declared.mappers, size, lookups).fill(connection)
        database.keep()

    def function_calls(self, module, unit, node, text):
        if is_called_by_others(node):
            return

        def prepare(size):
            maker = SqlAlchemyArguments(module, size, self._declared, self._world)
            arguments = maker.for_function(node)
            self._world.settle()
            return with_answer(module, getattr(module, unit.name), arguments)

        yield Call(f"{unit.path} {unit.name}", unit, prepare)

    def class_calls(self, cls, unit, node, text):
        return ()

    @contextmanager
    def opened(self):
        """A fresh file, a world of sessions, and for Flask a request."""
        self._database.restore()
        request = self._app.test_request_context() if self._app else nullcontext()
        with time_machine.travel(NOW, tick=False), request:
            self._world = World(self._declared, self._database)
            try:
                yield
            finally:
                self._world.close()

    def run_to_end(self, function):
        return run_to_end(function, self._world)

    def normal(self, value):
        self._world.flush()  # rows that were only added get their keys
        return normal(value)

    def dump_tables(self):
        return self._world.dump(partial(dump, tables=self._declared.tables))
