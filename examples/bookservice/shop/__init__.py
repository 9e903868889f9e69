"""The service behind a small bookshop."""
