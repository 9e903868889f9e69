"""Reads Markdown files into tests: named sets of source files."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
MODELS = "shop/models.py"
DEFAULT_PATH = "shop/views.py"
# Per ORM the project whose models a test has that brings none; SQLAlchemy 1.4 knows no such models.
EXAMPLES = {"django": "bookshop", "sqlalchemy": "bookservice", "sqlalchemy 1.4": None}

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*([^`]*)$")
HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*$")
OFF = re.compile(r"<!--\s*oracle:\s*off\b:?\s*(.*?)\s*-->")
ORM = re.compile(r"<!--\s*orm:\s*(.*?)\s*-->")


class CaseError(Exception):
    """A case file breaks its format."""


@dataclass(frozen=True)
class SourceFile:
    """A file of a test's project. `line` is the Markdown line of its first line, 0 if elsewhere."""

    path: str
    text: str
    line: int = 0

    @property
    def is_python(self):
        return self.path.endswith(".py")


@dataclass(frozen=True)
class Test:
    """One section of a case file. `off` is the reason not to run it, or None.

    `fixes` is the name of the section whose code this is after fixing, or None; `is_shown` whether
    the page has it.
    """

    file: str
    name: str
    line: int
    sources: tuple[SourceFile, ...]
    off: str | None = None
    orm: str = "django"
    fixes: str | None = None
    is_shown: bool = True

    @property
    def title(self):
        return f"{self.file}: {self.name}"

    def source(self, path):
        return next(source for source in self.sources if source.path == path)


@dataclass
class Section:
    name: str
    line: int
    sources: dict[str, SourceFile]
    fixed: dict[str, SourceFile] = field(default_factory=dict)
    off: str | None = None
    orm: str | None = None


def read_cases(file):
    """The tests of a Markdown file, in its order."""
    return parse_cases(file.read_text(encoding="utf-8"), shown_path(file))


def shown_path(file):
    """The path relative to the repository where it can be."""
    file = file.resolve()
    return str(file.relative_to(REPOSITORY) if file.is_relative_to(REPOSITORY) else file)


def parse_cases(text, file):
    """The tests in `text`. Raises CaseError where the format is broken."""
    shared, *sections = split_sections(text.splitlines(), file)
    tests = []
    for section in filter(lambda section: section.sources, sections):
        test = make_test(file, shared, section)
        tests.append(test)
        if section.fixed:
            tests.append(make_fixed(test, section.fixed))
    return tests


def split_sections(lines, file):
    """What stands before the first `##`, and then each `##` section."""
    sections = [Section("", 1, {})]
    numbers = iter(range(skip_front_matter(lines), len(lines)))
    for number in numbers:
        line = lines[number]
        section = sections[-1]
        if fence := FENCE.match(line):
            body = read_fence(lines, numbers, fence[1], f"{file}:{number + 1}")
            add_source(section, fence[2], body, number + 2, file)
        elif (heading := HEADING.match(line)) and len(heading[1]) == 2:
            sections.append(Section(heading[2], number + 1, {}))
        elif off := OFF.search(line):
            if not off[1]:
                raise CaseError(f"{file}:{number + 1}: 'oracle: off' needs a reason")
            section.off = off[1]
        elif orm := ORM.search(line):
            if orm[1] not in EXAMPLES:
                raise CaseError(f"{file}:{number + 1}: there is no ORM '{orm[1]}'")
            section.orm = orm[1]
    return sections


def skip_front_matter(lines):
    if lines and lines[0].strip() == "---":
        return next((n + 1 for n, line in enumerate(lines) if n and line.strip() == "---"), 0)
    return 0


def read_fence(lines, numbers, mark, place):
    """The lines up to the closing fence, which `numbers` is moved past."""
    body = []
    for number in numbers:
        stripped = lines[number].strip()
        if len(stripped) >= len(mark) and set(stripped) == {mark[0]}:
            return body
        body.append(lines[number])
    raise CaseError(f"{place}: this fence is never closed")


def add_source(section, info, body, line, file):
    """Adds a fence to its section, if it is a file at all."""
    words = info.split()
    settings = dict(word.partition("=")[::2] for word in words[1:])
    path = settings.get("path")
    if path is None and words[:1] == ["python"] and "dump" not in settings and section.name:
        path = DEFAULT_PATH
    if path is None or "dump" in settings:
        return
    sources = section.fixed if "fixed" in settings else section.sources
    if path in sources:
        raise CaseError(f"{file}:{line - 1}: a second fence for {path} in one section")
    sources[path] = SourceFile(path, "\n".join(body) + "\n", line)


def make_test(file, shared, section):
    sources = shared.sources | section.sources
    orm = section.orm or shared.orm or "django"
    if MODELS not in sources and EXAMPLES[orm]:
        text = (REPOSITORY / "examples" / EXAMPLES[orm] / MODELS).read_text(encoding="utf-8")
        sources[MODELS] = SourceFile(MODELS, text)
    off = section.off or shared.off
    return Test(file, section.name, section.line, tuple(sources.values()), off, orm)


def make_fixed(test, fixed):
    """The test with some files as they are after fixing."""
    sources = tuple(fixed.get(source.path, source) for source in test.sources)
    return replace(test, name=f"{test.name}, fixed", sources=sources, fixes=test.name)
