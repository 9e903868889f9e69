"""What Django code looks for: `filter(publisher__country="DE", stock__lt=5)`."""

import ast

from ...lookups import AROUND, COMPARISONS, Lookups, constants_in, value_for

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
SAME = {"exact", "iexact", "in"}


def lookups_of(outlines):
    """The lookups in all Python files of a test."""
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
