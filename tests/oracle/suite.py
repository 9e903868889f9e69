"""Runs and judges all tests of some case files, several at a time."""

import pickle
import subprocess
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import PurePosixPath

from .backend import preload
from .cases import REPOSITORY, CaseError, Test, parse_cases
from .expectations import expectations_of
from .fixing import fixed_by_linter
from .judge import Failure, judge
from .meter import TestRun
from .project import has_calls
from .run import run_test
from .twins import compare, compare_repaired, repaired, twin_of

OTHER_PYTHON = REPOSITORY / "build" / "venv14" / "bin" / "python"


@dataclass
class Outcome:
    """A test, what its calls did (None if it has none), and what is not borne out."""

    test: Test
    run: TestRun | None = None
    failures: list[Failure] = field(default_factory=list)


def run_files(files, families, is_wanted=lambda test: True, jobs=2, linter=None):
    """The outcomes of all wanted tests of the (name, text) in `files`, in their order.

    `families` is the family of each rule. What cannot be read is an outcome with a failure. With
    `linter`, a path, tests are also run as it fixes them.
    """
    tests, broken = [], []
    for name, text in files:
        try:
            found = parse_cases(text, name)
        except CaseError as error:
            broken.append(failed(Test(name, "the whole file", 1, ()), error))
            continue
        broken += [failed(test, "it has no twin") for test in without_twin(found)]
        wanted = [test for test in found if is_wanted(test)]
        if linter:
            wanted += fixed_by_linter(wanted, linter, jobs)
        tests.append(wanted)
    outcomes = iter(run_in_environments(list(chain.from_iterable(tests)), families, jobs))
    by_file = [list(islice(outcomes, len(group))) for group in tests]
    for group in by_file:
        compare_twins(group, families)
        compare_fixed(group, families)
    return broken + list(chain.from_iterable(by_file))


def run_in_environments(tests, families, jobs):
    """The outcomes of tests in their order, of each test where its ORM is installed."""
    elsewhere = [test for test in tests if is_elsewhere(test)]
    here = [test for test in tests if not is_elsewhere(test)]
    found = dict(zip(here, run_tests(here, families, jobs), strict=True))
    found |= zip(elsewhere, run_elsewhere(elsewhere, families, jobs), strict=True)
    return [found[test] for test in tests]


def run_tests(tests, families, jobs):
    """The outcomes of tests that this interpreter can run."""
    for orm in {test.orm for test in tests}:
        preload(orm)
    with get_context("fork").Pool(jobs) as pool:
        return pool.map(partial(run_one, families=families), tests, chunksize=1)


def run_elsewhere(tests, families, jobs):
    """The outcomes of tests for which there is another interpreter; `elsewhere` answers there."""
    if not tests:
        return []
    if not OTHER_PYTHON.exists():
        return [failed(test, "build/venv14 is missing: ./dev test makes it") for test in tests]
    task = pickle.dumps((tests, families, jobs))
    command = [OTHER_PYTHON, "-m", "tests.oracle.elsewhere"]
    done = subprocess.run(command, input=task, stdout=subprocess.PIPE, cwd=REPOSITORY, check=True)
    return pickle.loads(done.stdout)


def is_elsewhere(test):
    return test.orm == "sqlalchemy 1.4" and not test.off


def without_twin(tests):
    """The tests that are one half of a pair in a file that lacks the other."""
    names = {None, *(test.name for test in tests)}
    return [test for test in tests if twin_of(test.name) not in names]


def run_one(test, families):
    """Runs and judges one test."""
    if test.off or not has_calls(test):
        return Outcome(test)
    try:
        expectations = expectations_of(test, families)
    except CaseError as error:
        return failed(test, error)
    run = run_test(test, expectations.outlines)
    return Outcome(test, run, list(judge(expectations, run)))


def failed(test, error):
    return Outcome(test, None, [Failure("", 0, str(error))])


def compare_twins(outcomes, families):
    """Adds what is wrong with the good sections of one file. Twins that failed are left alone."""
    by_name = {outcome.test.name: outcome for outcome in outcomes}
    for bad in outcomes:
        good = by_name.get(twin_of(bad.test.name)) if bad.test.name.startswith("Bad") else None
        if good and bad.run and good.run and not bad.failures and not good.failures:
            expectations = expectations_of(bad.test, families)
            page = families.get(PurePosixPath(bad.test.file).stem.replace("_", "-"))
            good.failures += compare(expectations, bad.run, good.run, page)


def compare_fixed(outcomes, families):
    """Adds what is wrong with code that was fixed. Where the code itself failed it is left alone."""
    by_name = {outcome.test.name: outcome for outcome in outcomes}
    for fixed in outcomes:
        broken = by_name.get(fixed.test.fixes)
        if broken and broken.run and fixed.run and not broken.failures and not fixed.failures:
            before = expectations_of(broken.test, families)
            after = expectations_of(fixed.test, families)
            if fixed.test.is_shown and not repaired(before, after):
                fixed.failures.append(Failure("", 0, "it announces all that it did before"))
            fixed.failures += compare_repaired(before, after, broken.run, fixed.run)
