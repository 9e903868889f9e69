"""Runs one test's calls at both sizes, whatever its ORM."""

from .calls import calls_of
from .isolation import Crash, describe, in_fork
from .meter import METER, SIZES, Measurement, TestRun
from .normal import changes

SECONDS_PER_CALL = 20


class Session:
    """The calls of one test, to be run in forks of the process that is set up for it."""

    def __init__(self, project, test, outlines, root):
        self._project = project
        self._calls = calls_of(test, outlines, project)
        self._lookups = project.lookups_of(outlines)
        self._root = root

    def run(self):
        """The measurements of all calls at each size."""
        seconds = SECONDS_PER_CALL * (len(self._calls) + 1)
        sizes = [in_fork(seconds, self._run_size, size) for size in SIZES]
        measurements = {call.name: pair for call, *pair in zip(self._calls, *sizes, strict=True)}
        return TestRun({call.name: call.unit for call in self._calls}, measurements)

    def _run_size(self, size):
        """The measurement of each call with tables of that size."""
        self._project.fill(size, self._lookups)
        with self._project.opened():
            before = self._project.dump_tables()
        return [self._measure_in_fork(call, size, before) for call in self._calls]

    def _measure_in_fork(self, call, size, before):
        try:
            return in_fork(SECONDS_PER_CALL, self._measure, call, size, before)
        except Crash as crash:
            return Measurement(error=str(crash))

    def _measure(self, call, size, before):
        """Calls once and says what happened."""
        project, measurement = self._project, Measurement()
        stack = project.stack(self._root)
        try:
            with project.opened():
                function = call.prepare(size)
                with METER.run(stack, measurement):
                    result = project.run_to_end(function)
                measurement.result = project.normal(result)
                measurement.written = changes(before, project.dump_tables())
        except Exception as error:
            measurement.error = describe(error, self._root)
            measurement.failed_load = project.failed_load(error, stack)
        return measurement
