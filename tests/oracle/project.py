"""A test as a Python project: its files and modules. One per process."""

import datetime
import importlib
import sys
from pathlib import Path, PurePosixPath

NOW = datetime.datetime(2025, 6, 15, 12, 0, tzinfo=datetime.UTC)
NOT_CALLED = {"models.py", "apps.py", "settings.py", "urls.py", "manage.py", "conftest.py"}


def write_files(sources, root):
    """Writes the files of a test into `root`, from where its modules can be imported then."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(root))
    for source in sources:
        file = root / source.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source.text, encoding="utf-8")
        if source.is_python:
            for folder in list(PurePosixPath(source.path).parents)[:-1]:
                (root / folder / "__init__.py").touch()


def module_name(path):
    """`shop/views.py` -> `shop.views`."""
    return ".".join(Path(path).with_suffix("").parts).removesuffix(".__init__")


def load(path):
    """The module of a file of the test."""
    return importlib.import_module(module_name(path))


def has_calls(test):
    """Whether a test has a file in which something may be called."""
    return any(s.is_python and not is_called_by_others(s.path) for s in test.sources)


def is_called_by_others(path):
    """Whether a file holds models, configuration or tests."""
    path = PurePosixPath(path)
    is_test = path.name.startswith("test_") or path.name.endswith(("_test.py", "_tests.py"))
    folders = set(path.parts[:-1])
    return path.name in NOT_CALLED or is_test or bool(folders & {"models", "tests", "test"})
