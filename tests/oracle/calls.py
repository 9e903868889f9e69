"""What of a test is called: its modules' public functions, and what the backend adds."""

import inspect
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from .outline import Unit
from .project import is_called_by_others, load


@dataclass(frozen=True)
class Call:
    """Something to call. `prepare(size)` gives a function without arguments that calls it."""

    name: str
    unit: Unit
    prepare: Callable


def calls_of(test, outlines, project):
    """All that a test's project offers to call, in the order of its files. Loads its modules."""
    found = []
    for source in test.sources:
        if source.is_python and not is_called_by_others(source.path):
            module = load(source.path)
            found += calls_in(module, outlines[source.path], source.text, project)
    return found


def calls_in(module, outline, text, project):
    for name, node in outline.functions.items():
        if not name.startswith("_"):
            yield from project.function_calls(module, outline.unit_of(node), node, text)
    for name, node in outline.classes.items():
        cls = getattr(module, name, None)
        if not name.startswith("_") and inspect.isclass(cls):
            yield from project.class_calls(cls, outline.unit_of(node), node, text)


async def awaited(value):
    """What a coroutine or an asynchronous generator gives, to its end."""
    if inspect.isawaitable(value):
        value = await value
    return [element async for element in value] if isinstance(value, AsyncIterator) else value
