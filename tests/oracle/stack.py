"""Which lines of the test's files a Python stack passes through."""

from pathlib import Path


class Stack:
    """Reads stacks for the test in the folder `root`.

    Backends know more: frames that stand for other lines than Python says, and other callers.
    """

    def __init__(self, root):
        self._prefix = f"{Path(root)}/"

    def places(self, frame):
        """The (path, line) of each frame of the test, innermost first."""
        while frame:
            if place := self.place(frame, frame.f_lineno):
                yield place
            frame = self.caller(frame)

    def place(self, frame, line):
        """The (path, line) of a frame at that line of its code; None outside the test."""
        return self.relative(frame.f_code.co_filename, line)

    def caller(self, frame):
        return frame.f_back

    def relative(self, path, line):
        prefix = self._prefix
        return (path.removeprefix(prefix), line) if path.startswith(prefix) else None
