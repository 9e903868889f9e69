"""The module in which Django looks for a backend's `DatabaseWrapper`."""

from django.db.backends.sqlite3 import base

from ..meter import METER


class MeteredCursor(base.SQLiteCursorWrapper):
    """Tells the meter each statement and each row that is fetched."""

    def execute(self, query, params=None):
        METER.count_statement(query)
        return super().execute(query, params)

    def executemany(self, query, param_list):
        METER.count_statement(query)
        return super().executemany(query, param_list)

    def __next__(self):
        row = super().__next__()
        METER.count_rows([row])
        return row

    def fetchone(self):
        row = super().fetchone()
        METER.count_rows([row] if row is not None else [])
        return row

    def fetchmany(self, *args, **kwargs):
        return METER.count_rows(super().fetchmany(*args, **kwargs))

    def fetchall(self):
        return METER.count_rows(super().fetchall())


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name=None):
        return self.connection.cursor(factory=MeteredCursor)
