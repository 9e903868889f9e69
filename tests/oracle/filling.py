"""What the rows of all ORMs' tables have in common."""

LINKS = 3
ATTEMPTS = 60


def distinct_rows(numbers, make_row, constraints):
    """The rows that `make_row(number, attempt)` makes, as long as no constraint is broken.

    Each constraint is a tuple of the keys whose values are unique together.
    """
    seen = [set() for _ in constraints]
    for number in numbers:
        for attempt in range(ATTEMPTS):
            row = make_row(number, attempt)
            keys = [tuple(row[name] for name in names) for names in constraints]
            if not any(key in known for key, known in zip(keys, seen, strict=True)):
                for key, known in zip(keys, seen, strict=True):
                    known.add(key)
                yield row
                break
        else:
            return


def shifted_keys(constraints):
    """The keys whose values another attempt shifts: not the first of those unique together."""
    return {name for names in constraints if len(names) > 1 for name in names[1:]}


def link_pairs(sources, targets):
    """Some links for each row, and all links for the first ones."""
    links = min(LINKS, targets)
    some = {(a, (a + b) % targets) for a in range(sources) for b in range(links)}
    return some | {(0, b) for b in range(targets)} | {(a, 0) for a in range(sources)}


def numbered_text(name, number, limit, pattern="{} {}"):
    """`title 3`, cut in front of the number to what the column holds."""
    limit = limit or 200
    end = str(number + 1)
    whole = pattern.format(name, end)
    if len(whole) <= limit:
        return whole
    return whole[: limit - len(end)] + end if limit > 1 else chr(ord("a") + number % 26)
