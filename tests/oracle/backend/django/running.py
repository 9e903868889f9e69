"""Django behind the interface of all ORMs. To be imported only where Django is set up."""

from django.template.base import Node

from ...stack import Stack
from ..base import Project
from .calls import class_calls, function_calls, run_to_end
from .data import fill
from .lookups import lookups_of
from .normal import dump_tables, normal


class TemplateStack(Stack):
    """Shows the line of the template node that a frame of Django's template engine renders."""

    def place(self, frame, line):
        if frame.f_code is Node.render_annotated.__code__:
            node = frame.f_locals["self"]
            if node.token is not None and getattr(node, "origin", None):
                return self.relative(node.origin.name, node.token.lineno)
        return super().place(frame, line)


class DjangoProject(Project):
    stack = TemplateStack
    lookups_of = staticmethod(lookups_of)
    fill = staticmethod(fill)
    function_calls = staticmethod(function_calls)
    class_calls = staticmethod(class_calls)
    run_to_end = staticmethod(run_to_end)
    normal = staticmethod(normal)
    dump_tables = staticmethod(dump_tables)
