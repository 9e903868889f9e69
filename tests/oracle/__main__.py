"""Runs querylint's Markdown test cases on the real ORMs and counts queries.

    python -m tests.oracle [FILE...] [-k TEXT] [-j JOBS] [--linter BINARY] [-v]

Without FILE it takes tests/cases/**/*.md and rules/*/*.md. A folder stands for the Markdown files
in it. Each function of a test is called with small and with larger tables: what a finding on a loop
announces must need more statements, what is silent must not, and a `## Good` section must do the
same as its `## Bad` twin for less. With --linter, what BINARY makes of a test by fixing it must do
the same for less, too. Exits with 1 if anything is not borne out, or nothing was run.

Run it from the repository's root, with what tests/oracle/requirements.txt names installed. What is
written for SQLAlchemy 1.4 runs in build/venv14, with what requirements14.txt names.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from .cases import REPOSITORY, shown_path
from .expectations import rule_families
from .report import print_outcome, print_summary
from .suite import run_files

DEFAULT_PLACES = ("tests/cases/**/*.md", "rules/*/*.md")


def main(arguments=None):
    """Runs the command line; its exit code."""
    options = parse_arguments(arguments)
    started = time.monotonic()
    files = [(shown_path(file), file.read_text(encoding="utf-8")) for file in find_files(options)]
    outcomes = run_files(
        files,
        rule_families(REPOSITORY),
        lambda test: options.k in test.title,
        options.jobs,
        options.linter and options.linter.resolve(),
    )
    for outcome in outcomes:
        print_outcome(outcome, options.verbose)
    print_summary(outcomes, time.monotonic() - started)
    is_empty = not any(outcome.run for outcome in outcomes)
    if is_empty:
        print("oracle: no test was run", file=sys.stderr)
    return int(is_empty or any(outcome.failures for outcome in outcomes))


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(
        prog="python -m tests.oracle",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("-k", default="", metavar="TEXT", help="only tests with TEXT in their name")
    parser.add_argument("-j", dest="jobs", type=int, default=os.cpu_count() or 1, metavar="JOBS")
    parser.add_argument("--linter", type=Path, metavar="BINARY", help="run what it fixes as well")
    parser.add_argument("-v", dest="verbose", action="store_true", help="show all counts")
    return parser.parse_args(arguments)


def find_files(options):
    """The Markdown files to read, each once."""
    if not options.files:
        return [file for place in DEFAULT_PLACES for file in sorted(REPOSITORY.glob(place))]
    found = []
    for file in options.files:
        found += sorted(file.rglob("*.md")) if file.is_dir() else [file]
    return list(dict.fromkeys(found))


if __name__ == "__main__":
    sys.exit(main())
