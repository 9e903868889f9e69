"""What a test's code looks for, so that the tables hold rows for it to find."""

import ast
from dataclasses import dataclass, field

SEARCHES = {"filter", "exclude", "Q", "When", "get_list_or_404"}
SINGLE_SEARCHES = {
    "get",
    "aget",
    "get_object_or_404",
    "get_or_create",
    "aget_or_create",
    "update_or_create",
    "aupdate_or_create",
}
COMPARISONS = {"lt": -1, "lte": 0, "gt": 1, "gte": 0}
AROUND = {
    "contains": "a {} {}",
    "icontains": "a {} {}",
    "startswith": "{} {}",
    "istartswith": "{} {}",
    "endswith": "{1} {0}",
    "iendswith": "{1} {0}",
}
SAME = {"exact", "iexact", "in"}


@dataclass
class Lookups:
    """Per field name: values that a filter finds, and whether the code expects one row for a value.

    A value is a constant or a function from a row's number to the value.
    """

    wanted: dict[str, list] = field(default_factory=dict)
    single: set[str] = field(default_factory=set)


def lookups_of(outlines):
    """The lookups in all Python files of a test: `filter(publisher__country="DE", stock__lt=5)`."""
    found = Lookups()
    for outline in outlines.values():
        for node in ast.walk(outline.tree) if outline.tree else []:
            if isinstance(node, ast.Call):
                add_call(found, node)
    return found


def add_call(found, call):
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name not in SEARCHES | SINGLE_SEARCHES:
        return
    for keyword in call.keywords:
        *_, last = parts = (keyword.arg or "").split("__")
        lookup = last if last in {*COMPARISONS, *AROUND, *SAME} else "exact"
        column = parts[-2] if len(parts) > 1 and last == lookup else last
        if name in SINGLE_SEARCHES:
            found.single.add(column)
        for constant in constants_in(keyword.value):
            found.wanted.setdefault(column, []).append(value_for(constant, lookup))


def constants_in(node):
    """The strings and numbers that an argument names literally."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return [constant for element in node.elts for constant in constants_in(element)]
    is_value = isinstance(node, ast.Constant) and type(node.value) in (str, int, float)
    return [node.value] if is_value else []


def value_for(constant, lookup):
    """A value, or a function of the row's number, that the lookup finds for the constant."""
    if isinstance(constant, str):
        pattern = AROUND.get(lookup)
        return (lambda row: pattern.format(constant, row)) if pattern else constant
    return constant + COMPARISONS.get(lookup, 0)
