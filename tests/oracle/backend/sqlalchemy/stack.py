"""Python stacks that go on where Python shows no caller: greenlets, tasks and Jinja's templates."""

import asyncio
import contextvars
import sys

import greenlet

from ...meter import METER
from ...stack import Stack

# The frames that led to the running task or thread, which Python forgets.
CREATORS = contextvars.ContextVar("CREATORS", default=())


class LinkedStack(Stack):
    """SQLAlchemy runs statements of asynchronous code in a greenlet below the code's own frames."""

    def places(self, frame):
        current = greenlet.getcurrent()
        while frame:
            yield from super().places(frame)
            current = current and current.parent
            frame = current and current.gr_frame
        yield from CREATORS.get()

    def place(self, frame, line):
        template = frame.f_globals.get("__jinja_template__")
        if template is not None and template.filename:
            return self.relative(template.filename, template.get_corresponding_lineno(line))
        return super().place(frame, line)


def remember_creators(loop):
    """Tasks of the loop know from now on which lines made them."""

    def make_task(loop, coroutine, context=None, **options):
        context = context or contextvars.copy_context()
        context.run(CREATORS.set, METER.frames(sys._getframe(1)))
        return asyncio.Task(coroutine, loop=loop, context=context, **options)

    loop.set_task_factory(make_task)
