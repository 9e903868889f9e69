"""Runs querylint over whole code bases and reports crashes, hangs and sanitizer findings.

    python tests/crash_run.py BINARY MIRROR... [--commits N] [--limit SECONDS]

MIRROR is a bare git repository; its newest tree is read, and with `--commits` that many trees spread
over its history. The standard library of this Python is always read too. A run is bad when it ends
with anything but 0 or 1, lasts longer than the limit, or a sanitizer speaks. Exits with 1 if one was.
"""

import argparse
import io
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

OPTIONS = ["--select", "ALL", "--no-cache", "--output-format", "json"]
SANITIZER_MARKS = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:")


def main():
    arguments = parse_arguments()
    trouble = 0
    with tempfile.TemporaryDirectory() as folder:
        copy_standard_library(folder)
        trouble += run("standard library", folder, arguments)
    for mirror in arguments.mirrors:
        for commit in commits_of(mirror, arguments.commits):
            with tempfile.TemporaryDirectory() as folder:
                export(mirror, commit, folder)
                trouble += run(f"{mirror} {commit[:10]}", folder, arguments)
    return 1 if trouble else 0


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=Path)
    parser.add_argument("mirrors", nargs="*", metavar="MIRROR")
    parser.add_argument("--commits", type=int, default=1)
    parser.add_argument("--limit", type=float, default=120)
    return parser.parse_args()


def git(mirror, *arguments):
    command = ["git", f"--git-dir={mirror}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def commits_of(mirror, count):
    """The newest commit, and others at even distances behind it."""
    history = git(mirror, "rev-list", "--first-parent", "HEAD").split()
    return [history[len(history) * number // count] for number in range(count)]


def copy_standard_library(folder):
    """A copy, since git may ignore the original."""
    library = Path(sysconfig.get_path("stdlib"))
    for source in library.rglob("*.py"):
        if "site-packages" in source.parts:
            continue
        target = Path(folder) / source.relative_to(library)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def export(mirror, commit, folder):
    """Only what querylint reads: a mirror may lack other blobs."""
    paths = {}
    for line in git(mirror, "ls-tree", "-r", "-z", "--full-tree", commit).split("\0"):
        entry, _, path = line.partition("\t")
        if path.endswith(".py") and entry.startswith("100"):  # a file, not a link
            paths[path] = entry.split()[2]
    for path, text in zip(paths, read_blobs(mirror, paths.values())):
        target = Path(folder) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text)


def read_blobs(mirror, blobs):
    command = ["git", f"--git-dir={mirror}", "cat-file", "--batch"]
    wanted = "".join(f"{blob}\n" for blob in blobs).encode()
    stream = io.BytesIO(subprocess.run(command, check=True, input=wanted, capture_output=True).stdout)
    for _ in blobs:
        words = stream.readline().split()
        if words[1] == b"missing":
            yield b""
            continue
        yield stream.read(int(words[2]))
        stream.read(1)  # the line end behind it


def run(name, folder, arguments):
    """Lints a folder. Prints a line, and returns whether something was wrong."""
    begin = time.monotonic()
    command = [arguments.binary.resolve(), "check", ".", *OPTIONS]
    try:
        ran = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=arguments.limit
        )
        complaint = complaint_of(ran)
    except subprocess.TimeoutExpired:
        complaint = f"lasted longer than {arguments.limit:g} s"
    print(f"{time.monotonic() - begin:7.1f} s  {name}: {complaint or 'fine'}", flush=True)
    return bool(complaint)


def complaint_of(ran):
    if ran.returncode not in (0, 1):
        return f"ended with {ran.returncode}\n{ran.stderr[-4000:]}"
    if any(mark in ran.stderr for mark in SANITIZER_MARKS):
        return f"a sanitizer speaks\n{ran.stderr[-4000:]}"
    return None


if __name__ == "__main__":
    sys.exit(main())
