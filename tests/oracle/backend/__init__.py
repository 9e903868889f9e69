"""The ORMs that a test may be written for, each a package behind the interface in `base`."""

import importlib

PACKAGES = {"django": "django", "sqlalchemy": "sqlalchemy", "sqlalchemy 1.4": "sqlalchemy"}


def preload(orm):
    """Imports what tests are going to import: each test's process then has it already."""
    for module in package_of(orm).PRELOADED:
        importlib.import_module(module)


def set_up(test, root):
    """Makes this process run the test whose files are in `root`: a `base.Project`."""
    return package_of(test.orm).set_up(test, root)


def package_of(orm):
    return importlib.import_module(f".{PACKAGES[orm]}", __package__)
