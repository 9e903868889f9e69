"""Counts what a call asks of the database, and from which lines of the test it asks."""

import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.template.base import Node

from .outline import Unit

SIZES = (2, 5)  # rows of a table that refers to no other, in the two measurements of each call
TRANSACTION_VERBS = {"BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "PRAGMA"}


@dataclass(frozen=True)
class Statement:
    """An SQL statement and the (path, line) of each frame of the test that led to it."""

    sql: str
    frames: tuple[tuple[str, int], ...]

    def passes(self, span):
        return any(span.holds(path, line) for path, line in self.frames)


@dataclass
class Measurement:
    """What one call did at one size of the tables.

    `reached` holds a (path, line) of each function and template that ran; `result` and `written`
    are plain values that can be compared with those of another process.
    """

    statements: list[Statement] = field(default_factory=list)
    rows: int = 0
    cells: int = 0
    reached: set[tuple[str, int]] = field(default_factory=set)
    result: object = None
    written: object = None
    error: str | None = None


@dataclass
class TestRun:
    """What a test's calls did: by their name the unit they call, and the measurement at each size.

    `error` says why nothing could be called.
    """

    units: dict[str, Unit] = field(default_factory=dict)
    measurements: dict[str, list[Measurement]] = field(default_factory=dict)
    error: str | None = None


class Meter:
    """Sums up into a Measurement while it runs; one for the whole process."""

    def __init__(self):
        self._measurement = None
        self._root = None

    @contextmanager
    def run(self, root, measurement):
        """Counts into `measurement` what the code in the folder `root` does."""
        self._root, self._measurement = Path(root), measurement
        threading.setprofile(self._profile)
        sys.setprofile(self._profile)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
            self._measurement = None

    def count_statement(self, sql):
        if self._measurement and sql.split(None, 1)[0].upper() not in TRANSACTION_VERBS:
            frames = tuple(self._frames(sys._getframe(1)))
            self._measurement.statements.append(Statement(sql, frames))

    def count_rows(self, rows):
        """Counts the rows and returns them."""
        if self._measurement:
            self._measurement.rows += len(rows)
            self._measurement.cells += sum(map(len, rows))
        return rows

    def _frames(self, frame):
        while frame:
            if place := self._template_place(frame) or self._place(frame, frame.f_lineno):
                yield place
            frame = frame.f_back

    def _profile(self, frame, event, _):
        if event == "call" and self._measurement:
            code = frame.f_code
            place = self._template_place(frame) or self._place(frame, code.co_firstlineno)
            if place:
                self._measurement.reached.add(place)

    def _place(self, frame, line):
        path = frame.f_code.co_filename
        return self._relative(path, line)

    def _template_place(self, frame):
        """The line of the template node that a frame of Django's template engine renders."""
        if frame.f_code is not Node.render_annotated.__code__:
            return None
        node = frame.f_locals["self"]
        if node.token is None or not getattr(node, "origin", None):
            return None
        return self._relative(node.origin.name, node.token.lineno)

    def _relative(self, path, line):
        prefix = f"{self._root}/"
        return (path.removeprefix(prefix), line) if path.startswith(prefix) else None


METER = Meter()
