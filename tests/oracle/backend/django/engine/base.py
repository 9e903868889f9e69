"""The module in which Django looks for an engine's `DatabaseWrapper`."""

from django.db.backends.sqlite3 import base

from ....meter import METER, MeteredRows


class MeteredCursor(MeteredRows, base.SQLiteCursorWrapper):
    """Tells the meter each statement and each row that is fetched."""

    def execute(self, query, params=None):
        METER.count_statement(query)
        return super().execute(query, params)

    def executemany(self, query, param_list):
        METER.count_statement(query)
        return super().executemany(query, param_list)


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name=None):
        return self.connection.cursor(factory=MeteredCursor)
