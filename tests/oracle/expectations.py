"""What a test's comments announce: findings, and growth that the linter is right to leave alone."""

import io
import re
import tokenize
from dataclasses import dataclass

from .cases import CaseError
from .outline import Outline, Span, Unit

ERROR = re.compile(r'#\s*error:\s*\[([^\]]*)\](?:\s*"([^"]*)")?')
GROWS = re.compile(r"#\s*grows:\s*(.*)")
WRONG_RESULT = re.compile(r"#\s*wrong result\b")


@dataclass(frozen=True)
class Finding:
    """`# error: [rule] "message"`: the linter reports the rule on this line."""

    rule: str
    family: str
    message: str
    path: str
    line: int
    unit: Unit
    statement: Span

    @property
    def is_single(self):
        """Whether it announces one query, not one per row."""
        return self.message.startswith("One query")


@dataclass(frozen=True)
class Growth:
    """`# grows: reason`: the linter is silent in this unit although its queries grow."""

    path: str
    line: int
    unit: Unit


@dataclass(frozen=True)
class Expectations:
    """Everything the comments of one test say."""

    outlines: dict[str, Outline]
    findings: tuple[Finding, ...]
    growths: tuple[Growth, ...]
    wrong_results: tuple[Unit, ...]

    def unit_at(self, path, line):
        return self.outlines[path].unit_at(line)

    def of_family(self, *families):
        return [finding for finding in self.findings if finding.family in families]

    def of_rule(self, rule):
        return [finding for finding in self.findings if finding.rule == rule]


def rule_families(repository):
    """The family of each rule, from the pages in `rules/FAMILY/rule_name.md`."""
    pages = sorted(repository.glob("rules/*/*.md"))
    return {page.stem.replace("_", "-"): page.parent.name for page in pages}


def expectations_of(test, families):
    """Reads the comments of a test. Raises CaseError for unknown rules and broken Python."""
    outlines, findings, growths, wrong_results = {}, [], [], []
    for source in test.sources:
        outline = outlines[source.path] = make_outline(test, source)
        for line, comment in comments_of(source):
            unit = outline.unit_at(line)
            for rule, message in ERROR.findall(comment):
                family = family_of(rule, families, f"{test.file}:{source.line + line - 1}")
                statement = outline.statement_at(line)
                findings.append(
                    Finding(rule, family, message, source.path, line, unit, statement)
                )
            if match := GROWS.search(comment):
                if not match[1]:
                    raise CaseError(f"{test.title}: {source.path}:{line}: 'grows:' needs a reason")
                growths.append(Growth(source.path, line, unit))
            if WRONG_RESULT.search(comment):
                wrong_results.append(unit)
    return Expectations(outlines, tuple(findings), tuple(growths), tuple(wrong_results))


def make_outline(test, source):
    try:
        return Outline(source)
    except SyntaxError as error:
        place = f"{test.file}:{source.line + (error.lineno or 1) - 1}"
        raise CaseError(f"{place}: not Python: {error.msg}") from error


def family_of(rule, families, place):
    if rule not in families:
        raise CaseError(f"{place}: there is no page of a rule '{rule}'")
    return families[rule]


def comments_of(source):
    """The comments with their line numbers; of files that are not Python, all lines."""
    if not source.is_python:
        return list(enumerate(source.text.splitlines(), start=1))
    tokens = tokenize.generate_tokens(io.StringIO(source.text).readline)
    return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]
