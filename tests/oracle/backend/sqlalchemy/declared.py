"""What the modules of a test declare: tables, mapped classes, makers of sessions, a Flask app."""

import sys
from functools import cached_property

import sqlalchemy
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper, configure_mappers, scoped_session, sessionmaker

from ...project import load, module_name

NOT_LOADED = {"tests", "test", "alembic", "versions", "migrations"}

# SQLAlchemy 1.4 has none.
ASYNC_MAKERS = tuple(filter(None, [getattr(sqlalchemy.ext.asyncio, "async_sessionmaker", None)]))


def load_modules(test):
    """The modules of a test, its models first, without its tests and migrations."""
    sources = [source for source in test.sources if source.is_python and is_loaded(source.path)]
    sources.sort(key=lambda source: "models" not in source.path)
    own = [load(source.path) for source in sources if source.line]
    # The example's models would be in the way of a test that brings others in another place.
    is_needed = not any(map(metadata_of, objects_in(own)))
    examples = [source.path for source in sources if not source.line]
    return [load(p) for p in examples if is_needed or module_name(p) in sys.modules] + own


def is_loaded(path):
    *folders, name = path.split("/")
    is_test = name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py")
    return not is_test and not NOT_LOADED.intersection(folders)


def objects_in(modules):
    found = [value for module in modules for value in vars(module).values()]
    # Flask's proxies such as `request` stand for nothing outside a request.
    return [value for value in found if type(value).__name__ != "LocalProxy"]


class Declared:
    """Looks through the modules of a test."""

    def __init__(self, modules):
        self._modules = modules
        self._objects = objects_in(modules)
        configure_mappers()

    @cached_property
    def tables(self):
        """All tables, those that others refer to first where there is no cycle."""
        found = dict.fromkeys(filter(None, map(metadata_of, self._objects)))
        return list(dict.fromkeys(table for metadata in found for table in metadata.sorted_tables))

    @cached_property
    def classes(self):
        """All classes by their names."""
        return {cls.__name__: cls for cls in self._objects if isinstance(cls, type)}

    @cached_property
    def mappers(self):
        classes = (value for value in self._objects if isinstance(value, type))
        found = [sqlalchemy.inspect(cls, raiseerr=False) for cls in classes]
        return list(dict.fromkeys(each for each in found if isinstance(each, Mapper)))

    def create_tables(self, engine):
        for metadata in dict.fromkeys(table.metadata for table in self.tables):
            metadata.create_all(engine)

    @cached_property
    def app(self):
        """The Flask app of the test: an object of its modules, or what `create_app()` makes."""
        flask = sys.modules.get("flask")
        for value in self._objects if flask else ():
            if isinstance(value, flask.Flask):
                return value
        makers = [module.create_app for module in self._modules if hasattr(module, "create_app")]
        return makers[0]() if makers else None

    @cached_property
    def _makers(self):
        """What makes sessions: registries before session makers."""
        kinds = (scoped_session, sessionmaker, *ASYNC_MAKERS)
        found = [value for value in self._objects if isinstance(value, kinds)]
        return sorted(found, key=lambda maker: not isinstance(maker, scoped_session))

    def bind_makers(self, engine, async_engine):
        """Gives an engine to session makers that the test leaves without one."""
        for maker in map(factory_of, self._makers):
            if not maker.kw.get("bind"):
                maker.configure(bind=async_engine if makes_async(maker) else engine)

    def session_maker(self, is_async):
        """What of the test makes its sessions: a registry, a session maker, or None."""
        extension = next((v for v in self._objects if is_flask_extension(v)), None)
        if extension and not is_async:
            return extension.session
        makers = (m for m in self._makers if makes_async(factory_of(m)) == is_async)
        return next(makers, None)


def metadata_of(value):
    """A MetaData, or that of a declarative base, a mapped class or Flask's extension."""
    if isinstance(value, sqlalchemy.MetaData):
        return value
    metadata = getattr(value, "metadata", None)
    return metadata if isinstance(metadata, sqlalchemy.MetaData) else None


def is_flask_extension(value):
    return type(value).__module__.startswith("flask_sqlalchemy") and hasattr(value, "session")


def factory_of(maker):
    return maker.session_factory if isinstance(maker, scoped_session) else maker


def makes_async(maker):
    return isinstance(maker, ASYNC_MAKERS) or issubclass(maker.class_, AsyncSession)
