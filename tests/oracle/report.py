"""Prints what was found."""

import re
from collections import Counter

from .meter import SIZES

LONGEST_SQL = 150
QUOTED_NAME = re.compile(r'"(\w+)"')
COLUMNS = re.compile(r"^SELECT (DISTINCT )?(?!COUNT|1)(.{60}).*? FROM ")


def print_outcome(outcome, is_verbose):
    """The failures of a test; of all tests also their counts, if asked for."""
    if is_verbose:
        print_counts(outcome)
    for failure in outcome.failures:
        print_failure(outcome.test, failure, outcome.run)


def print_failure(test, failure, run):
    """One failure: its place in the Markdown, what is wrong, and what the call did."""
    print(f"{place_of(test, failure)}: {test.name}: {failure.text}")
    if run and failure.call in run.measurements:
        measurements = run.measurements[failure.call]
        counts = [
            f"{len(measurement.statements)} statements at size {size}"
            for measurement, size in zip(measurements, SIZES, strict=True)
        ]
        print(f"    {failure.call}: {', '.join(counts)}")
        print_statements(measurements[-1])
    print()


def place_of(test, failure):
    """The line of the Markdown file; for files from elsewhere, their own line."""
    if not failure.path:
        return f"{test.file}:{test.line}"
    source = test.source(failure.path)
    if not source.line:
        return f"{test.file}:{test.line}: {failure.path}:{failure.line}"
    return f"{test.file}:{source.line + failure.line - 1}"


def print_statements(measurement):
    lines = Counter(
        (short_sql(statement.sql), statement.frames[:1]) for statement in measurement.statements
    )
    for (sql, frames), count in lines.items():
        where = "".join(f"  <- {path}:{line}" for path, line in frames)
        print(f"    {count:4} x {sql}{where}")


def short_sql(sql):
    sql = QUOTED_NAME.sub(r"\1", " ".join(sql.split()))
    sql = COLUMNS.sub(lambda match: f"SELECT {match[1] or ''}{match[2]}... FROM ", sql)
    return sql if len(sql) <= LONGEST_SQL else f"{sql[:LONGEST_SQL]}..."


def print_counts(outcome):
    test, run = outcome.test, outcome.run
    print(f"{test.title}{f' (off: {test.off})' if test.off else ''}")
    for name, (small, large) in run.measurements.items() if run else ():
        counts = f"{len(small.statements):4} -> {len(large.statements):3} statements"
        print(f"   {counts}, {large.rows:3} rows, {large.cells:4} cells  {name}")


def print_summary(outcomes, seconds):
    """One line on all tests."""
    run = [outcome.run for outcome in outcomes if outcome.run]
    calls = sum(len(each.measurements) for each in run)
    off = sum(bool(outcome.test.off) for outcome in outcomes)
    failures = sum(len(outcome.failures) for outcome in outcomes)
    result = f"{failures} expectations not borne out" if failures else "all borne out"
    print(f"oracle: {len(run)} tests run, {off} off, {calls} calls, {seconds:.1f} s: {result}")
