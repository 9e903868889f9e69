"""What an ORM has to offer, so that tests written for it can be run."""

from abc import ABC, abstractmethod
from contextlib import nullcontext

from ..stack import Stack


class Project(ABC):
    """One test as a project of its ORM, with modules that can be imported and empty tables."""

    stack = Stack

    @abstractmethod
    def lookups_of(self, outlines):
        """What the code looks for, as `Lookups`."""

    @abstractmethod
    def fill(self, size, lookups):
        """Fills all tables."""

    @abstractmethod
    def function_calls(self, module, unit, node, text):
        """The calls of a public function: none, one or several `Call`s."""

    @abstractmethod
    def class_calls(self, cls, unit, node, text):
        """The calls of a public class."""

    def opened(self):
        """A context for one call, from its preparation to the comparison of the tables."""
        return nullcontext()

    @abstractmethod
    def run_to_end(self, function):
        """What a function returns, awaited, rendered, and iterated where it is lazy."""

    @abstractmethod
    def normal(self, value):
        """A plain value, equal for two results that mean the same."""

    @abstractmethod
    def dump_tables(self):
        """A set with a plain value for each row of each table."""

    def failed_load(self, error, stack):
        """The frames of a lazy load that an asynchronous session refused; none for other errors."""
        return ()
