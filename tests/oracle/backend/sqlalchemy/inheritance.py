"""Which class the rows of tables belong to where classes inherit from mapped classes."""


def kinds_of_rows(mappers):
    """Reads the hierarchies of classes of all mappers."""
    return Kinds([mapper for mapper in mappers if mapper.polymorphic_on is not None])


class Kinds:
    """A hierarchy's classes take turns in its first table; joined tables extend some rows."""

    def __init__(self, mappers):
        self._identities = {}
        self._joined = {}
        for mapper in mappers:
            base = mapper.base_mapper
            identities = [i for i in base.polymorphic_map if i is not None]
            self._identities[base.local_table, mapper.polymorphic_on.key] = identities
            if mapper.local_table is not base.local_table:
                mine = {sub.polymorphic_identity for sub in mapper.self_and_descendants}
                taken = [identity in mine for identity in identities]
                self._joined.setdefault(mapper.local_table, taken)

    def of_row(self, column, number):
        """The discriminator of the row of that number; None in other columns."""
        identities = self._identities.get((column.table, column.key))
        return identities[number % len(identities)] if identities else None

    def has_row(self, table, number):
        """Whether a joined table extends the row of that number; other tables have all rows."""
        taken = self._joined.get(table)
        return taken is None or taken[number % len(taken)]
