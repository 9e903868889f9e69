"""Runs tests, each in a process of its own."""

import tempfile
from pathlib import Path

from .isolation import Crash, describe, in_fork, silence
from .meter import TestRun
from .project import set_up

SECONDS_PER_TEST = 300


def run_test(test, outlines):
    """Runs a test in a fork of this process, which must not have configured Django."""
    with tempfile.TemporaryDirectory(prefix="oracle-") as folder:
        try:
            return in_fork(SECONDS_PER_TEST, run_here, test, outlines, Path(folder).resolve())
        except Crash as crash:
            return TestRun(error=str(crash))


def run_here(test, outlines, root):
    """Runs a test in this process."""
    silence()
    try:
        set_up(test, root)
        from .session import run_calls  # what it imports needs a configured Django

        return run_calls(test, outlines, root)
    except Exception as error:
        return TestRun(error=describe(error, root))
