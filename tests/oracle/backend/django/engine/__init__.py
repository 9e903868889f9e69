"""Django's SQLite backend with a meter on its cursors."""
