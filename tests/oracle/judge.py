"""Compares what a test announces with what its calls did.

Three things must hold.
1. Each finding on a loop is borne out: at the larger size more statements pass through its line
   (through that of a finding of "One query too many" any at all).
   A finding on the line of a query whose rows are read elsewhere has no such line; then the call
   must need more statements that no other finding accounts for.
2. A unit marked `# grows:` takes part in a call that grows.
3. A call grows only if it, or code that it reaches, says so; and if only code that it reaches does,
   all that grows comes out of that code.

A finding of REFUSED is borne out by the error of a lazy load on an asynchronous session that passes
through its line. Such an error anywhere else is one like all others.
"""

from dataclasses import dataclass

from .expectations import Finding

GROWING = "loops"
REFUSED = "lazy-load-in-async"
# By rule the verbs of the statements that bear it out; for other rules any statement does.
VERBS = {
    "commit-in-loop": {"COMMIT", "SAVEPOINT", "RELEASE", "INSERT", "UPDATE", "DELETE"},
    "insert-in-loop": {"INSERT"},
    "update-in-loop": {"UPDATE"},
}
# Borne out by one statement, too, that is executed with more sets of parameters.
EACH_TIME = {"update-in-loop"}
PERHAPS_GROWING = ("transactions", "migrations", "sql")


@dataclass(frozen=True)
class Failure:
    """An expectation that is not borne out, at a line of a file of the test."""

    path: str
    line: int
    text: str
    call: str | None = None


class CallView:
    """One call of a test, with the expectations that concern it."""

    def __init__(self, name, unit, small, large, expectations):
        self.name = name
        self.unit = unit
        self.small = small
        self.large = large
        self._expectations = expectations
        reached = small.reached | large.reached
        units = {
            expectations.unit_at(path, line)
            for path, line in reached
            if path in expectations.outlines
        }
        self._units = units | {unit} | self._parts_without_frames(units | {unit})

    def _parts_without_frames(self, units):
        """What runs before the call: modules and classes around the units, classes they name."""
        outlines = self._expectations.outlines
        words = set().union(*(outlines[unit.path].words_in(unit) for unit in units))
        return {
            part
            for outline in outlines.values()
            for part in outline.units
            if any(part.holds(unit.path, unit.first) for unit in units)
            or (part.is_class and part.name in words)
        }

    def reaches(self, expectation):
        return expectation.unit in self._units

    def owns(self, expectation):
        """Whether it stands in what is called itself, in a part of it that ran."""
        return self.reaches(expectation) and self.unit.holds(expectation.path, expectation.line)

    def growth(self, weigh=lambda statement: True):
        """How many more statements the call needs at the larger size, each with a weight."""
        small, large = (
            sum(map(weigh, measurement.statements)) for measurement in (self.small, self.large)
        )
        return large - small

    def passes(self, finding):
        return any(statement.passes(finding.statement) for statement in self.large.statements)

    def fails_at(self, finding):
        """Whether a lazy load failed on the finding's line."""
        failed = (*self.small.failed_load, *self.large.failed_load)
        return any(finding.statement.holds(path, line) for path, line in failed)

    def fails_as_announced(self):
        return any(map(self.fails_at, self._expectations.of_rule(REFUSED)))

    def grows_through(self, finding):
        return self.growth(lambda s: s.passes(finding.statement) and weight(s, finding)) > 0


def weight(statement, finding):
    """As how many statements one counts that may bear a finding out."""
    verbs = VERBS.get(finding.rule)
    if verbs and statement.verb not in verbs:
        return 0
    return statement.times if finding.rule in EACH_TIME else 1


def judge(expectations, run):
    """The failures of a test that ran."""
    if run.error:
        return [Failure("", 0, run.error)]
    calls = calls_in(run, expectations)
    broken = [failure for call in calls for failure in errors_of(call)]
    return broken or [
        *judge_findings(calls, expectations),
        *judge_growths(calls, expectations),
        *judge_silence(calls, expectations),
    ]


def calls_in(run, expectations):
    return [
        CallView(name, run.units[name], small, large, expectations)
        for name, (small, large) in run.measurements.items()
    ]


def errors_of(call):
    for measurement in (call.small, call.large):
        if measurement.error and not call.fails_as_announced():
            yield Failure(call.unit.path, call.unit.first, measurement.error, call.name)
            return


def judge_findings(calls, expectations):
    yield from judge_refused(calls, expectations)
    yield from judge_single(calls, expectations)
    findings = growing_findings(expectations)
    on_growing_lines = lines_that_grow(calls, findings)
    for finding in findings:
        text = f"[{finding.rule}] is announced here, but "
        witnesses = witnesses_of(finding, calls, findings)
        if not witnesses:
            yield Failure(finding.path, finding.line, text + "nothing that is called reaches it")
        elif finding not in on_growing_lines and not any(
            grows_otherwise(call, finding, on_growing_lines) for call in witnesses
        ):
            text += "it needs no more statements with larger tables"
            yield Failure(finding.path, finding.line, text, witnesses[0].name)


def judge_refused(calls, expectations):
    for finding in expectations.of_rule(REFUSED):
        if not any(call.fails_at(finding) for call in calls):
            text = f"[{REFUSED}] is announced here, but no lazy load fails on this line"
            yield Failure(finding.path, finding.line, text)


def judge_single(calls, expectations):
    for finding in expectations.of_family(GROWING):
        if finding.is_single and not any(call.passes(finding) for call in calls):
            text = f"[{finding.rule}] is announced here, but no statement passes through this line"
            yield Failure(finding.path, finding.line, text)


def growing_findings(expectations):
    announced = expectations.of_family(GROWING)
    return [f for f in announced if not f.is_single and f.rule != REFUSED]


def lines_that_grow(calls, findings):
    """The findings through whose line more statements pass at the larger size."""
    return {finding for finding in findings if any(call.grows_through(finding) for call in calls)}


def witnesses_of(finding, calls, findings):
    """The calls that may bear a finding out.

    If the code is called itself, these are that call, and those that announce nothing themselves.
    """
    reaching = [call for call in calls if call.reaches(finding)]
    owners = [call for call in reaching if call.owns(finding)]
    if not owners:
        return reaching
    return owners + [call for call in reaching if not any(map(call.owns, findings))]


def grows_otherwise(call, finding, others):
    """Whether a call needs more statements, apart from those through the lines of others."""
    spans = [other.statement for other in others]
    return call.growth(lambda s: not any(map(s.passes, spans)) and weight(s, finding)) > 0


def judge_growths(calls, expectations):
    for growth in expectations.growths:
        reaching = [call for call in calls if call.reaches(growth)]
        if not any(call.growth() > 0 for call in reaching):
            text = "'grows:' stands here, but it needs no more statements with larger tables"
            call = reaching[0].name if reaching else None
            yield Failure(growth.path, growth.line, text, call)


def judge_silence(calls, expectations):
    findings = growing_findings(expectations)
    sayings = [*findings, *expectations.growths]
    perhaps = expectations.of_family(*PERHAPS_GROWING)
    on_growing_lines = lines_that_grow(calls, findings)
    for call in calls:
        if call.fails_as_announced():
            continue
        reached = [saying for saying in sayings if call.reaches(saying)]
        if any(map(call.owns, [*reached, *perhaps])):
            continue
        if any(isinstance(s, Finding) and s not in on_growing_lines for s in reached):
            continue  # found where the query is built: its rows may be read anywhere
        units = {saying.unit for saying in reached}
        if call.growth(lambda statement, units=units: not any(map(statement.passes, units))) > 0:
            text = "nothing is announced here, but it needs more statements with larger tables"
            yield Failure(call.unit.path, call.unit.first, text, call.name)
