"""Runs tests, each in a process of its own."""

import tempfile
from pathlib import Path

from .backend import set_up
from .isolation import Crash, describe, in_fork, silence
from .meter import TestRun
from .project import write_files
from .session import Session

SECONDS_PER_TEST = 300


def run_test(test, outlines):
    """Runs a test in a fork of this process, which must not have set up another."""
    with tempfile.TemporaryDirectory(prefix="oracle-") as folder:
        try:
            return in_fork(SECONDS_PER_TEST, run_here, test, outlines, Path(folder).resolve())
        except Crash as crash:
            return TestRun(error=str(crash))


def run_here(test, outlines, root):
    """Runs a test in this process."""
    silence()
    try:
        write_files(test.sources, root)
        return Session(set_up(test, root), test, outlines, root).run()
    except Exception as error:
        return TestRun(error=describe(error, root))
