"""Compares the functions of a `## Bad` section with those of its `## Good` twin, or with themselves
after fixing."""

import re
from collections import Counter

from .judge import GROWING, Failure, calls_in

SECTION = re.compile(r"(Bad|Good)(: .*)?")

# A good twin needs less of at least one of these at the larger size.
MEASURES = {
    "loops": ("statements",),
    "loading": ("statements", "rows", "cells"),
    "python-work": ("statements", "rows"),
    "counting": ("statements", "rows", "cells", "COUNT"),
    "subqueries": ("statements", "SELECT", "JOIN", "DISTINCT"),
    # Rules that are measured otherwise than their family.
    "cartesian-product": ("rows",),
    "deep-offset": ("OFFSET",),
}


def twin_of(name):
    """`Bad: x` -> `Good: x`, and back; None for other sections."""
    match = SECTION.fullmatch(name)
    return match and {"Bad": "Good", "Good": "Bad"}[match[1]] + (match[2] or "")


def compare(expectations, bad, good, page_family):
    """The failures of a pair of runs, placed in the good section.

    `expectations` are those of the bad section; `page_family` is the family of the page's rule, or
    None for a file of cases.
    """
    calls = calls_in(bad, expectations)
    common = [call for call in calls if call.name in good.measurements]
    if not common:
        yield Failure("", 0, "it has no function in common with its bad twin")
    for call in calls:
        if call not in common and any(map(call.owns, expectations.findings)):
            yield Failure("", 0, f"it lacks a twin of {call.name}")
    for call in common:
        if call.fails_as_announced():
            continue  # there is nothing to compare with
        measurement = good.measurements[call.name][-1]
        is_wrong = any(call.unit.holds(w.path, w.first) for w in expectations.wrong_results)
        texts = [text_on_results(call.large, measurement, is_wrong)]
        for family in families_of(call, expectations, page_family):
            texts.append(text_on_cost(call.large, measurement, family))
        place = good.units[call.name]
        for text in filter(None, texts):
            yield Failure(place.path, place.first, text, call.name)


def compare_repaired(before, after, broken, fixed):
    """The failures of code that was fixed: it does the same, for less where a finding is gone.

    `before` and `after` are the expectations of the code as it was and as it is.
    """
    gone = repaired(before, after)
    for call in calls_in(broken, before):
        if call.fails_as_announced():
            continue
        measurement = fixed.measurements[call.name][-1]
        texts = [text_on_results(call.large, measurement, is_wrong=False)]
        spared = [f for f in before.findings if kind_of(f) in gone and is_hit(call, f)]
        for family in sorted({finding.family for finding in spared}):
            texts.append(text_on_cost(call.large, measurement, family))
        place = fixed.units[call.name]
        for text in filter(None, texts):
            yield Failure(place.path, place.first, text, call.name)


def repaired(before, after):
    """How many findings of each kind are announced before fixing, and not afterwards."""
    return Counter(map(kind_of, before.findings)) - Counter(map(kind_of, after.findings))


def is_hit(call, finding):
    """Whether a finding costs the call something. Others may give the same code what they loaded."""
    return call.reaches(finding) and (
        finding.family != GROWING or finding.is_single or call.growth() > 0
    )


def kind_of(finding):
    return finding.rule, finding.path, finding.unit.name


def families_of(call, expectations, page_family):
    """What is announced in the code that a bad function runs: families, or rules that have measures
    of their own."""
    if not expectations.findings:
        return [page_family]
    reached = [f for f in expectations.findings if call.reaches(f)]
    return sorted({f.rule if f.rule in MEASURES else f.family for f in reached})


def text_on_results(bad, good, is_wrong):
    is_same = (bad.result, bad.written) == (good.result, good.written)
    if is_wrong:
        return "its bad twin's result is called wrong, but is the same" if is_same else None
    if bad.result != good.result:
        results = f"{shorten(bad.result)}, not {shorten(good.result)}"
        return f"its result is not that of its bad twin: {results}"
    if bad.written != good.written:
        written = f"{shorten(bad.written)}, not {shorten(good.written)}"
        return f"it leaves other rows behind than its bad twin: {written}"
    return None


def text_on_cost(bad, good, family):
    measures = MEASURES.get(family, ())
    if not measures or any(cost(good, measure) < cost(bad, measure) for measure in measures):
        return None
    costs = [f"{measure} {cost(bad, measure)}, now {cost(good, measure)}" for measure in measures]
    return f"it is no cheaper than its bad twin: {'; '.join(costs)}"


def cost(measurement, measure):
    if measure == "statements":
        return len(measurement.statements)
    if measure in ("rows", "cells"):
        return getattr(measurement, measure)
    word = re.compile(rf"\b{measure}\b")
    return sum(len(word.findall(statement.sql)) for statement in measurement.statements)


def shorten(value, limit=200):
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}..."
