"""What the tests of the wheel and of the hook share: a wheel, the mirror for it, and a user's repository."""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ["QUERYLINT_BINARY"])
PRE_COMMIT = [sys.executable, "-m", "pre_commit"]

# What lasts as long as the process, such as the environments that pre-commit makes.
_common = tempfile.TemporaryDirectory(prefix="querylint-packaging-")
COMMON = Path(_common.name)


def run(*command, cwd=ROOT, env=None, check=True):
    """A finished program with its output, both streams in one, in `stdout`."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=600,
    )
    if check and done.returncode != 0:
        raise AssertionError(f"{command} failed with {done.returncode}:\n{done.stdout}")
    return done


@functools.cache
def distributions():
    """A folder with the source archive and, made from that, the wheel of the binary that is built."""
    folder = COMMON / "dist"
    prebuilt = f"cmake.define.QUERYLINT_PREBUILT={BINARY}"
    python = ROOT / "build/venv_build/bin/python"
    run(python, "-m", "build", "--outdir", folder, "-C", prebuilt, ROOT)
    return folder


def wheel():
    (path,) = distributions().glob("*.whl")
    return path


def source_archive():
    (path,) = distributions().glob("*.tar.gz")
    return path


def version():
    return run("bash", "-c", f"root={ROOT}; source scripts/mirror.sh; querylint_version").stdout.strip()


@functools.cache
def mirror():
    """The repository that `./dev mirror` writes, tagged."""
    folder = COMMON / "mirror"
    run("./dev", "mirror", folder)
    publish(folder)
    return folder


@functools.cache
def own_repository():
    """This repository as it is now, committed and tagged."""
    folder = COMMON / "own"
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
    for name in filter(None, listed.split("\0")):
        if not (ROOT / name).is_file():
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    publish(folder)
    return folder


def publish(folder):
    """Makes a repository of a folder, with a tag for the version."""
    env = environment()
    run("git", "init", "--quiet", cwd=folder, env=env)
    run("git", "add", "--all", cwd=folder, env=env)
    run("git", "commit", "--quiet", "--message", "all", cwd=folder, env=env)
    run("git", "tag", f"v{version()}", cwd=folder, env=env)


def environment(**more):
    """Of a user who has nothing but an identity, and to whom the wheel is published."""
    settings = COMMON / "gitconfig"
    settings.write_text("[user]\nname = user\nemail = user@example.com\n[init]\ndefaultBranch = main\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_CONFIG_GLOBAL": str(settings),
        "PRE_COMMIT_HOME": str(COMMON / "pre-commit"),
        "XDG_CACHE_HOME": str(COMMON / "cache"),
        **more,
    }


def find_links():
    """Where pip looks for wheels beside the registry."""
    return " ".join([str(distributions()), os.environ.get("PIP_FIND_LINKS", "")]).strip()


class Repository:
    """A user's git repository with the hook installed. Its cache is its own."""

    def __init__(self, hooks, source=None, **more):
        self.folder = Path(tempfile.mkdtemp(dir=COMMON))
        cache = str(self.folder / ".git/cache")
        self.env = environment(PIP_FIND_LINKS=find_links(), XDG_CACHE_HOME=cache, **more)
        self.git("init", "--quiet")
        self.write(".pre-commit-config.yaml", configuration(hooks, source or mirror()))
        run(*PRE_COMMIT, "install", cwd=self.folder, env=self.env)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def read(self, name):
        return (self.folder / name).read_text()

    def git(self, *arguments, check=True, cwd=None):
        return run("git", *arguments, cwd=cwd or self.folder, env=self.env, check=check)

    def commit(self, *names, cwd=None):
        """Stages these files, or everything, and commits. Returns the finished `git commit`."""
        self.git("add", *(names or ["--all"]), cwd=cwd)
        return self.git("commit", "--message", "a change", check=False, cwd=cwd)

    def commit_unchecked(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", "the beginning")


def configuration(hooks, source):
    return f"repos:\n- repo: {source}\n  rev: v{version()}\n  hooks:\n" + "".join(
        f"  - {hook}\n" for hook in hooks
    )
