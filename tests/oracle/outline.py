"""What stands on which lines of a source file: functions, methods, classes and statements."""

import ast
import re
from dataclasses import dataclass
from functools import cached_property

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Span:
    """Lines `first` to `last` of a file, both included."""

    path: str
    first: int
    last: int

    def holds(self, path, line):
        return path == self.path and self.first <= line <= self.last


@dataclass(frozen=True)
class Unit(Span):
    """A function, method, class or whole file; inner functions belong to the outer one."""

    name: str
    is_class: bool = False


class Outline:
    """The units and statements of one file. A template is one unit, each line a statement."""

    def __init__(self, source):
        self.path = source.path
        self.lines = source.text.splitlines()
        self.tree = ast.parse(source.text, source.path) if source.is_python else None

    @property
    def functions(self):
        """The functions at the module's top level, as syntax trees by name."""
        return {node.name: node for node in self._top if isinstance(node, FUNCTIONS)}

    @property
    def classes(self):
        """The classes at the module's top level, as syntax trees by name."""
        return {node.name: node for node in self._top if isinstance(node, ast.ClassDef)}

    @property
    def _top(self):
        return self.tree.body if self.tree else []

    @cached_property
    def units(self):
        """All units, outer ones before inner ones."""
        module = Unit(self.path, 1, max(len(self.lines), 1), "")
        return [module, *self._units_of(self._top, "")]

    def _units_of(self, nodes, prefix):
        for node in nodes:
            if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                yield self.unit_of(node, prefix)
            if isinstance(node, ast.ClassDef):
                yield from self._units_of(node.body, f"{prefix}{node.name}.")

    def unit_of(self, node, prefix=""):
        """The unit of a function or class, its decorators included."""
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        is_class = isinstance(node, ast.ClassDef)
        return Unit(self.path, first, node.end_lineno, prefix + node.name, is_class)

    def unit_at(self, line):
        """The innermost unit that holds a line."""
        return [unit for unit in self.units if unit.holds(self.path, line)][-1]

    def words_in(self, unit):
        """The names and other words in the text of a unit."""
        return set(re.findall(r"\w+", "\n".join(self.lines[unit.first - 1 : unit.last])))

    def statement_at(self, line):
        """The simple statement, or the head of the compound one, that holds a line."""
        spans = [span for span in self._statements if span.holds(self.path, line)]
        return min(spans, key=lambda span: span.last - span.first, default=None) or Span(
            self.path, line, line
        )

    @cached_property
    def _statements(self):
        nodes = ast.walk(self.tree) if self.tree else []
        return [
            Span(self.path, node.lineno, self._end_of_head(node))
            for node in nodes
            if isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case))
            and hasattr(node, "lineno")
        ]

    def _end_of_head(self, node):
        body = getattr(node, "body", None) or getattr(node, "cases", None)
        if not body:
            return node.end_lineno
        first = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
        return max(node.lineno, first.lineno - 1)
