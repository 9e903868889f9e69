"""The wheel and the source archive: what is in them, and what the build says that lacks something.

python -m unittest tests.packaging.test_wheel
"""

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

from . import sandbox
from .sandbox import ROOT, run

SOURCE_FOLDERS = ["analyzer", "cmake", "driver", "grammars", "reports", "rules"]


class Wheel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.venv = Path(tempfile.mkdtemp(dir=sandbox.COMMON)) / "venv"
        run(sys.executable, "-m", "venv", cls.venv)
        run(cls.venv / "bin/pip", "install", "--no-index", sandbox.wheel())
        cls.binary = cls.venv / "bin/querylint"

    def test_holds_the_binary_alone(self):
        names = zipfile.ZipFile(sandbox.wheel()).namelist()
        version = sandbox.version()
        own = [name for name in names if not name.startswith(f"querylint-{version}.dist-info/")]
        self.assertEqual(own, [f"querylint-{version}.data/scripts/querylint"])

    def test_is_for_any_linux_of_the_machine(self):
        machine = run("uname", "-m").stdout.strip()
        tags = f"py3-none-manylinux_2_17_{machine}.musllinux_1_1_{machine}"
        self.assertEqual(sandbox.wheel().name, f"querylint-{sandbox.version()}-{tags}.whl")

    def test_has_the_version_of_the_binary(self):
        self.assertEqual(run(self.binary, "--version").stdout, f"querylint {sandbox.version()}\n")

    def test_needs_no_library(self):
        listed = run("ldd", self.binary, check=False).stdout
        self.assertRegex(listed, "not a dynamic executable|statically linked")

    def test_starts_without_python(self):
        self.assertEqual(self.binary.read_bytes()[:4], b"\x7fELF")
        times = []
        for _ in range(50):
            begin = time.perf_counter()
            subprocess.run([self.binary, "--version"], stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - begin)
        self.assertLess(min(times), 0.005, "seconds")


class SourceArchive(unittest.TestCase):
    def test_holds_all_sources(self):
        top = f"querylint-{sandbox.version()}/"
        with tarfile.open(sandbox.source_archive()) as archive:
            names = {name.removeprefix(top) for name in archive.getnames()}
        listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", *SOURCE_FOLDERS)
        sources = {name for name in listed.stdout.split() if (ROOT / name).exists()}
        self.assertEqual(sources - names, set())
        self.assertGreater(len(sources), 200)
        self.assertFalse(any("node_modules" in name for name in names))


class Build(unittest.TestCase):
    """What configuring says; nothing is compiled."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(dir=sandbox.COMMON))

    def configure(self, *options):
        source = self.folder / "source"
        listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", *SOURCE_FOLDERS)
        for name in [*listed.stdout.split(), "CMakeLists.txt"]:
            if (ROOT / name).is_file():
                (source / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, source / name)
        return run(
            "cmake", "-S", source, "-B", self.folder / "build", "-D", "BUILD_TESTING=OFF", *options,
            check=False,
        )

    def test_gets_the_grammars_from_npm(self):
        done = self.configure()
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue((self.folder / "source/grammars/node_modules/tree-sitter-python").is_dir())

    def test_says_which_packages_are_missing(self):
        done = self.configure("-D", "program_of_npm=", "-D", "CMAKE_IGNORE_PREFIX_PATH=/usr;/usr/local")
        self.assertNotEqual(done.returncode, 0)
        missing = re.search("apt-get install (.*)", done.stdout)[1].split()
        known = run("bash", "-c", "source scripts/install.sh; echo ${build_packages[*]}").stdout.split()
        self.assertEqual(set(missing) - set(known), set())
        headers = {name for name in known if name.startswith(("lib", "nlohmann"))}
        for_tests = {"libbenchmark-dev", "libgtest-dev"}
        self.assertEqual(set(missing) - {"g++", "npm"}, headers - for_tests)
        self.assertIn("npm", missing)


if __name__ == "__main__":
    unittest.main()
