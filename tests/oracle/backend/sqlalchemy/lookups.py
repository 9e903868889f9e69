"""What SQLAlchemy code looks for: `where(Book.stock < 5)`, `filter_by(country="DE")`."""

import ast

from ...lookups import Lookups, constants_in, value_for

SEARCHES = {"where", "filter", "filter_by", "having", "and_", "or_", "not_", "any", "has", "case"}
SINGLE = {"one", "one_or_none", "scalar_one", "scalar_one_or_none", "first_or_404", "one_or_404"}
COMPARISONS = {ast.Eq: "exact", ast.Lt: "lt", ast.LtE: "lte", ast.Gt: "gt", ast.GtE: "gte"}
METHODS = {
    "in_": "exact",
    "like": "contains",
    "ilike": "icontains",
    "contains": "contains",
    "icontains": "icontains",
    "startswith": "startswith",
    "endswith": "endswith",
}


def lookups_of(outlines):
    """The lookups in all Python files of a test."""
    found = Lookups()
    for outline in outlines.values():
        for node in ast.walk(outline.tree) if outline.tree else []:
            if isinstance(node, ast.Call) and called_name(node) in SEARCHES:
                for column, lookup, value in searches_in(node):
                    add(found, column, lookup, value)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and expects_one(node):
                found.single |= equal_columns(node)
    return found


def called_name(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def searches_in(call):
    """(column, lookup, syntax of the value) of each condition in a call's arguments."""
    for keyword in call.keywords:
        if keyword.arg:
            yield keyword.arg, "exact", keyword.value
    for argument in call.args:
        yield from condition(argument)


def condition(node):
    """A condition that is an argument itself, or stands below `&`, `|` and `~`."""
    if isinstance(node, ast.BinOp):
        yield from condition(node.left)
        yield from condition(node.right)
    elif isinstance(node, ast.UnaryOp):
        yield from condition(node.operand)
    elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute):
        if lookup := COMPARISONS.get(type(node.ops[0])):
            yield node.left.attr, lookup, node.comparators[0]
    elif isinstance(node, ast.Call) and node.args and called_name(node) in METHODS:
        column = getattr(node.func, "value", None)
        if isinstance(column, ast.Attribute):
            yield column.attr, METHODS[node.func.attr], node.args[0]


def add(found, column, lookup, value):
    for constant in constants_in(value):
        if isinstance(constant, str):
            constant = constant.strip("%")
        found.wanted.setdefault(column, []).append(value_for(constant, lookup))


def calls_in(function, names):
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    return [call for call in calls if called_name(call) in names]


def expects_one(function):
    return bool(calls_in(function, SINGLE))


def equal_columns(function):
    """The columns that a function compares for equality."""
    searches = (search for call in calls_in(function, SEARCHES) for search in searches_in(call))
    return {column for column, lookup, _ in searches if lookup == "exact"}
