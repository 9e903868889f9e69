"""What a test's code looks for, so that the tables hold rows for it to find."""

import ast
from dataclasses import dataclass, field

COMPARISONS = {"lt": -1, "lte": 0, "gt": 1, "gte": 0}
AROUND = {
    "contains": "a {} {}",
    "icontains": "a {} {}",
    "startswith": "{} {}",
    "istartswith": "{} {}",
    "endswith": "{1} {0}",
    "iendswith": "{1} {0}",
}


@dataclass
class Lookups:
    """Per field name: values that a filter finds, and whether the code expects one row for a value.

    A value is a constant or a function from a row's number to the value.
    """

    wanted: dict[str, list] = field(default_factory=dict)
    single: set[str] = field(default_factory=set)


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
