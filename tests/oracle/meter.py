"""Counts what a call asks of the database, and from which lines of the test it asks."""

import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field

from .outline import Unit

SIZES = (2, 5)  # by this the tables are larger in the second of the two measurements of each call
TRANSACTION_VERBS = {"BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "PRAGMA"}


def verb_of(sql):
    return sql.split(None, 1)[0].upper()


@dataclass(frozen=True)
class Statement:
    """An SQL statement and the (path, line) of each frame of the test that led to it.

    `times` is for how many sets of parameters the driver executes it.
    """

    sql: str
    frames: tuple[tuple[str, int], ...]
    times: int = 1

    @property
    def verb(self):
        return verb_of(self.sql)

    def passes(self, span):
        return any(span.holds(path, line) for path, line in self.frames)


@dataclass
class Measurement:
    """What one call did at one size of the tables.

    `reached` holds a (path, line) of each function and template that ran; `result` and `written`
    are plain values that can be compared with those of another process. `failed_load` holds the
    frames of the test that led to a lazy load on an async session, if `error` is that.
    """

    statements: list[Statement] = field(default_factory=list)
    rows: int = 0
    cells: int = 0
    reached: set[tuple[str, int]] = field(default_factory=set)
    result: object = None
    written: object = None
    error: str | None = None
    failed_load: tuple[tuple[str, int], ...] = ()


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
        self._stack = None

    @contextmanager
    def run(self, stack, measurement):
        """Counts into `measurement` what the code does whose lines `stack` knows."""
        self._stack, self._measurement = stack, measurement
        threading.setprofile(self._profile)
        sys.setprofile(self._profile)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
            self._measurement = None

    def count_statement(self, sql, ignored=TRANSACTION_VERBS, times=1):
        """Counts a statement that the caller executes, unless its first word is ignored."""
        if self._measurement and verb_of(sql) not in ignored:
            frames = self.frames(sys._getframe(1))
            self._measurement.statements.append(Statement(sql, frames, times))

    def frames(self, frame):
        """The (path, line) of each frame of the test from this one on; none while not running."""
        return tuple(self._stack.places(frame)) if self._measurement else ()

    def count_rows(self, rows):
        """Counts the rows and returns them."""
        # Before its first statement a new connection asks the database about itself.
        if self._measurement and self._measurement.statements:
            self._measurement.rows += len(rows)
            self._measurement.cells += sum(map(len, rows))
        return rows

    def _profile(self, frame, event, _):
        if event == "call" and self._measurement:
            place = self._stack.place(frame, frame.f_code.co_firstlineno)
            if place:
                self._measurement.reached.add(place)


METER = Meter()


class MeteredRows:
    """Tells the meter each row that is fetched; to be mixed into a class of cursors."""

    def __next__(self):
        row = super().__next__()
        METER.count_rows([row])
        return row

    def fetchone(self):
        row = super().fetchone()
        METER.count_rows([row] if row is not None else [])
        return row

    def fetchmany(self, *args, **kwargs):
        return METER.count_rows(super().fetchmany(*args, **kwargs))

    def fetchall(self):
        return METER.count_rows(super().fetchall())
