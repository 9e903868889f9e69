"""Fixes tests with the linter itself, where their page does not show the fixed code."""

import json
import re
import subprocess
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from .cases import CaseError, make_fixed

ERROR = re.compile(r'(?:#|\{#)\s*error:\s*\[(?P<rule>[^\]]*)\](?:\s*"[^"]*")?(?:\s*#\})?')


def fixed_by_linter(tests, linter, jobs):
    """What the linter makes of those of one page that it can fix, in order, without those that have
    a section of fixed code. Raises CaseError where it fails."""
    shown = {test.fixes for test in tests}
    wanted = [
        test for test in tests if not (test.off or test.fixes or test.name in shown)
    ]
    with ThreadPoolExecutor(jobs) as pool:
        fixed = pool.map(partial(fix, linter), wanted)
    return [test for test in fixed if test]


def fix(linter, test):
    """The test after fixing; None where there is nothing to fix."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for source in test.sources:
            path = root / source.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source.text, encoding="utf-8")
        left = findings_left(linter, test, root)
        texts = {
            source.path: (root / source.path).read_text(encoding="utf-8") for source in test.sources
        }
    if all(source.text == texts[source.path] for source in test.sources):
        return None
    fixed = {
        source.path: replace(source, text=announcing_only(texts[source.path], left[source.path]))
        for source in test.sources
    }
    return replace(make_fixed(test, fixed), is_shown=False)


def findings_left(linter, test, root):
    """By path the (line, rule) of what is found, and not just guessed, after fixing all that can be
    fixed."""
    options = "--select ALL --unsafe-fixes --no-cache --threads 1 --output-format json".split()
    command = [linter, "check", *options, "."]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise CaseError(f"{test.title}: {linter}: {done.stderr.strip()}")
    left = defaultdict(set)
    for found in json.loads(done.stdout)["diagnostics"]:
        if found["certainty"] != "possible":
            left[found["path"]].add((found["line"], found["rule"]))
    return left


def announcing_only(text, left):
    """The text without the announcements of findings that are gone."""
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        lines[number - 1] = ERROR.sub(
            lambda error, number=number: error[0] if (number, error["rule"]) in left else "", line
        ).rstrip()
    return "\n".join(lines)
