"""Fills the tables: the same rows for the same tables and size, in every process.

A session asks for a parent once, so that rows which share theirs would hide queries. Therefore
rows refer to rows of their own: a table that refers to no other gets several times `size` rows, and
one that does gets one for each row of the longest that it refers to. A few more belong to first
rows, so that these have more of them when tables are larger. Values follow from the column and the
row's number alone.
"""

from sqlalchemy import UniqueConstraint

from ...filling import distinct_rows, link_pairs, shifted_keys
from .inheritance import kinds_of_rows
from .values import is_text, looked_for, plain_value, suits

FACTOR = 3
EXTRA = 2


class Filler:
    """Decides on the rows of all tables, and inserts them."""

    def __init__(self, tables, mappers, size, lookups):
        self.tables = tables
        self.size = size
        self.lookups = lookups
        self._kinds = kinds_of_rows(mappers)
        self._rows = {}

    def fill(self, connection):
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        for table in self.tables:
            rows = self.rows(table)
            if rows:
                connection.execute(table.insert(), rows)

    def rows(self, table):
        """The rows of a table: for each a dictionary from column key to value."""
        if table not in self._rows:
            self._rows[table] = [{}] * self.size * FACTOR  # what a cycle of tables sees
            make = self._make_links if is_link(table) else self._make_rows
            self._rows[table] = list(make(table))
        return self._rows[table]

    def _make_links(self, table):
        """Links each row to several of the other side, and the first ones to all."""
        source, target = shared_keys(table)
        pairs = link_pairs(self._count(source), self._count(target))
        for a, b in sorted(pairs):
            if target_table(source) is not target_table(target) or a != b:
                yield {source.key: self._refer(source, a), target.key: self._refer(target, b)}

    def _make_rows(self, table):
        constraints = unique_sets(table)
        shifted = shifted_keys(constraints)

        def make_row(number, attempt):
            return {
                column.key: self.value(column, number + attempt * (column.key in shifted))
                for column in columns_of(table)
            }

        return distinct_rows(self._numbers(table), make_row, constraints)

    def _numbers(self, table):
        """The numbers of a table's rows: of one that extends another's, some of that one's."""
        numbers = range(self._wanted_count(table))
        return [n for n in numbers if self._kinds.has_row(table, n)]

    def _wanted_count(self, table):
        unique = [c for c in columns_of(table) if refers_elsewhere(c) and is_unique(c)]
        if any(c.primary_key for c in unique):
            return min(map(self._count, unique))
        spread = self._spread(table)
        wanted = spread + self.size * EXTRA if spread else self.size * FACTOR
        return min([wanted, *map(self._count, unique)])

    def _spread(self, table):
        """How many rows of a table refer to others evenly; 0 if it refers to none."""
        keys = shared_keys(table)
        needed = [column for column in keys if not column.nullable] or keys
        return max(map(self._count, needed), default=0)

    def _count(self, column):
        """How many rows there are to refer to."""
        return len(self.rows(target_table(column)))

    def value(self, column, number):
        """The value of a column in the row of that number, from 0."""
        if target_of(column) is not None:
            return self._key(column, number)
        kind = self._kinds.of_row(column, number)
        if kind is not None:
            return kind
        is_distinct = is_unique(column) or column.key in self.lookups.single
        wanted = [v for v in self.lookups.wanted.get(column.key, []) if suits(column, v)]
        if is_distinct and number < len(wanted):
            return looked_for(column, wanted[number], number)
        if not is_distinct and wanted and number % 2 == 0:
            return looked_for(column, wanted[number // 2 % len(wanted)], number)
        is_repeated = is_text(column) and not is_distinct
        return plain_value(column, number % max(self.size - 1, 2) if is_repeated else number)

    def _refer(self, column, number):
        """What a foreign key holds that refers to the row of that number."""
        target = target_of(column)
        row = self.rows(target.table)[number]
        return row[target.key] if row else self.value(target, number)

    def _key(self, column, number):
        """The key of the row that a foreign key refers to."""
        if not refers_elsewhere(column):
            return self._parent(column, number)
        count = self._count(column)
        if not count:
            return None
        if is_unique(column):
            return self._refer(column, number % count)
        others, spread = shared_keys(column.table), self._spread(column.table)
        # By pairs, since every second row is one that the code looks for.
        is_first = number >= spread and number // 2 % len(others) == others.index(column)
        return self._refer(column, 0 if is_first else number % count)

    def _parent(self, column, number):
        """The key of the parent in a tree, whose root is the first row and has most children."""
        if number == 0 and column.nullable:
            return None
        parent = 0 if number % 2 else max(number - 1, 0) // 2
        return self.value(target_of(column), parent)


def columns_of(table):
    """The columns that an INSERT gives values for."""
    return [column for column in table.columns if column.computed is None]


def target_of(column):
    """The column that a foreign key refers to, or None."""
    return next((key.column for key in column.foreign_keys), None)


def target_table(column):
    return target_of(column).table


def refers_elsewhere(column):
    target = target_of(column)
    return target is not None and target.table is not column.table


def shared_keys(table):
    """The foreign keys to other tables that several rows may share."""
    return [c for c in columns_of(table) if refers_elsewhere(c) and not is_unique(c)]


def is_link(table):
    """Whether a table only links the rows of two others."""
    return len(table.columns) == 2 == len(shared_keys(table))


def is_unique(column):
    return (column.key,) in unique_sets(column.table)


def unique_sets(table):
    """The keys of the columns that are unique, alone or together."""
    sets = [[column] for column in table.columns if column.unique]
    sets += [list(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint)]
    sets += [list(index.columns) for index in table.indexes if index.unique]
    sets.append(list(table.primary_key.columns))
    return [tuple(column.key for column in columns) for columns in sets if columns]
