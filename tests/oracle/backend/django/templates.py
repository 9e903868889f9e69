"""A template loader for tests that render templates they do not show."""

from django.template import Origin
from django.template.loaders.base import Loader


class EmptyPages(Loader):
    """Finds an empty template under every name but those that Django's admin tries."""

    def get_template_sources(self, template_name):
        if not template_name.startswith("admin/"):
            yield Origin(name=template_name, template_name=template_name, loader=self)

    def get_contents(self, origin):
        return ""
