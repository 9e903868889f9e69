"""Tests written for Django."""

from .project import set_up as configure

PRELOADED = (
    "django.contrib.auth.hashers",
    "django.contrib.auth.validators",
    "django.contrib.messages.storage.cookie",
    "django.contrib.sessions.backends.signed_cookies",
    "django.core.management",
    "django.core.paginator",
    "django.db.backends.sqlite3.schema",
    "django.db.migrations",
    "django.forms",
    "django.shortcuts",
    "django.template.loader",
    "django.template.loaders.app_directories",
    "django.test",
    "django.utils.translation.reloader",
    "django.views.generic",
    "tests.oracle.backend.django.engine.base",
)


def set_up(test, root):
    """Makes this process the Django project of a test."""
    configure(test, root)
    from .running import DjangoProject  # what it imports needs a configured Django

    return DjangoProject()
