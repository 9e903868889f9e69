"""Makes this process the Django project of a test: settings, apps and tables."""

import runpy
import sys
from pathlib import PurePosixPath
from types import ModuleType

import django
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test.utils import setup_test_environment
from django.urls import path as url_path
from django.utils import timezone

from ...project import NOW, module_name

FRAMEWORK_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sites"]
APP_PARTS = {"models", "apps", "templatetags", "management", "migrations", "templates"}
EMPTY_URLS = "oracle_urls"


def set_up(test, root):
    """Configures Django for the test whose files are in `root`, and makes empty tables."""
    timezone.now = lambda: NOW
    settings.configure(**settings_of(test, root))
    django.setup()
    setup_test_environment(debug=False)
    if settings.ROOT_URLCONF == EMPTY_URLS:
        sys.modules[EMPTY_URLS] = empty_urls()
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if not model._meta.proxy:
                editor.create_model(model)


def settings_of(test, root):
    """The oracle's settings, over which those of the test's own settings.py go."""
    chosen = {
        "INSTALLED_APPS": [],
        "MIDDLEWARE": [],
        "USE_TZ": True,
        "SECRET_KEY": "oracle",
        "SITE_ID": 1,
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "ROOT_URLCONF": urls_of(test),
        "TEMPLATES": [template_settings(test, root)],
    }
    for source in test.sources:
        if PurePosixPath(source.path).name == "settings.py":
            values = runpy.run_path(str(root / source.path))
            chosen |= {name: value for name, value in values.items() if name.isupper()}
    chosen["INSTALLED_APPS"] = installed_apps(test, chosen["INSTALLED_APPS"])
    chosen["DATABASES"] = {
        "default": {"ENGINE": "tests.oracle.backend.django.engine", "NAME": ":memory:"}
    }
    return chosen


def uses_admin(test):
    words = ("django.contrib.admin", "django.contrib import admin")
    return any(word in source.text for source in test.sources for word in words)


def installed_apps(test, configured):
    """The apps that the test configures, those it consists of, and those that it needs."""
    needed = FRAMEWORK_APPS + ["django.contrib.admin"] * uses_admin(test)
    packages = {name.partition(".apps.")[0] for name in configured}
    own = [package for package in apps_of(test) if package not in packages]
    return list(dict.fromkeys([*needed, *configured, *own]))


def apps_of(test):
    """The top-level packages with something in them that only an app has."""
    found = {}
    for source in test.sources:
        package, *rest = PurePosixPath(source.path).parts
        if rest and rest[0].removesuffix(".py") in APP_PARTS:
            found[package] = None
    return list(found)


def urls_of(test):
    """The test's outermost urls.py, as a module's name."""
    paths = [PurePosixPath(source.path) for source in test.sources]
    found = [path for path in paths if path.name == "urls.py"]
    apps_first = apps_of(test)
    found.sort(key=lambda path: (path.parts[0] in apps_first, len(path.parts)))
    return module_name(str(found[0])) if found else EMPTY_URLS


def empty_urls():
    """The URLs of a test that has none: the admin's, which its pages link to."""
    module = ModuleType(EMPTY_URLS)
    module.urlpatterns = []
    if apps.is_installed("django.contrib.admin"):
        from django.contrib import admin

        module.urlpatterns.append(url_path("admin/", admin.site.urls))
    return module


def template_settings(test, root):
    """Templates come from the test; one with none at all gets an empty page for each name."""
    loaders = [
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    if not any("templates/" in source.path for source in test.sources):
        loaders.append("tests.oracle.backend.django.templates.EmptyPages")
    processors = [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
    ]
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [root / "templates"],
        "OPTIONS": {"loaders": loaders, "context_processors": processors},
    }
