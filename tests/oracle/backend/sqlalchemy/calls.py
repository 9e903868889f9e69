"""How the functions of a SQLAlchemy project are called: as plain ones, also those behind routes."""

import inspect
from collections.abc import Iterator

from sqlalchemy.engine import Result
from sqlalchemy.exc import MissingGreenlet
from sqlalchemy.ext.asyncio.result import AsyncCommon
from sqlalchemy.orm import Query

from ...arguments import last_name
from ...calls import awaited

# What such decorators make of a function is called by others, or is no function.
CALLED_BY_OTHERS = {
    "asynccontextmanager",
    "before_request",
    "compiles",
    "contextmanager",
    "errorhandler",
    "listens_for",
    "teardown_appcontext",
}
MAKES_APP = "create_app"


def is_called_by_others(node):
    decorators = (d.func if hasattr(d, "func") else d for d in node.decorator_list)
    return node.name == MAKES_APP or any(last_name(d) in CALLED_BY_OTHERS for d in decorators)


def with_answer(module, function, arguments):
    """A function without arguments that calls one, and makes the answer that its route promises."""
    positional, keywords = arguments
    function = getattr(function, "callback", function)  # what click makes of a command
    model = answer_model(module, function)
    if model is None:
        return lambda: function(*positional, **keywords)
    if not inspect.iscoroutinefunction(function):
        return lambda: answer(model, function(*positional, **keywords))

    async def call():
        return answer(model, await function(*positional, **keywords))

    return call


def answer_model(module, function):
    """What FastAPI turns the function's result into; None where it does not."""
    for value in vars(module).values():
        routes = getattr(value, "routes", None)
        for route in routes if isinstance(routes, list) else ():
            if getattr(route, "endpoint", None) is function:
                return getattr(route, "response_model", None)
    return None


def answer(model, result):
    from pydantic import TypeAdapter  # is there if FastAPI is

    adapter = TypeAdapter(model)
    return adapter.dump_python(adapter.validate_python(result, from_attributes=True))


def run_to_end(function, world):
    """What a function returns, awaited, and iterated where it is lazy."""
    result = function()
    if inspect.isawaitable(result) or inspect.isasyncgen(result):
        result = world.run(finished(result))
    is_lazy = isinstance(result, (Query, Iterator)) or (
        isinstance(result, Result) and getattr(result, "returns_rows", True)
    )
    return list(result) if is_lazy else result


async def finished(value):
    value = await awaited(value)
    return await value.all() if isinstance(value, AsyncCommon) else value


def failed_load(error, stack):
    """The frames of the test in which a lazy load on an asynchronous session failed."""
    # What hides the error, as pydantic does, still names it.
    if not isinstance(error, MissingGreenlet) and "MissingGreenlet" not in str(error):
        return ()
    places, trace = [], error.__traceback__
    while trace:
        places.append(stack.place(trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    return tuple(filter(None, places))
