"""Runs one test's calls at both sizes. To be imported only where Django is set up."""

from .calls import calls_of, run_to_end
from .data import fill
from .isolation import Crash, describe, in_fork
from .lookups import lookups_of
from .meter import METER, SIZES, Measurement, TestRun
from .normal import changes, dump_tables, normal

SECONDS_PER_CALL = 20


def run_calls(test, outlines, root):
    """The measurements of all calls at each size."""
    calls = calls_of(test, outlines)
    lookups = lookups_of(outlines)
    seconds = SECONDS_PER_CALL * (len(calls) + 1)
    sizes = [in_fork(seconds, run_size, calls, size, lookups, root) for size in SIZES]
    measurements = {call.name: pair for call, *pair in zip(calls, *sizes, strict=True)}
    return TestRun({call.name: call.unit for call in calls}, measurements)


def run_size(calls, size, lookups, root):
    """The measurement of each call with tables of that size."""
    fill(size, lookups)
    before = dump_tables()
    return [measure_in_fork(call, size, root, before) for call in calls]


def measure_in_fork(call, size, root, before):
    try:
        return in_fork(SECONDS_PER_CALL, measure, call, size, root, before)
    except Crash as crash:
        return Measurement(error=str(crash))


def measure(call, size, root, before):
    """Calls once and says what happened."""
    measurement = Measurement()
    try:
        function = call.prepare(size)
        with METER.run(root, measurement):
            result = run_to_end(function)
        measurement.result = normal(result)
        measurement.written = changes(before, dump_tables())
    except Exception as error:
        measurement.error = describe(error, root)
    return measurement
