"""action.yml as a runner carries it out: its steps in order, their inputs in the environment."""

import re
import tempfile
import unittest
from pathlib import Path

import yaml

from tests.packaging import sandbox

ACTION = yaml.safe_load((sandbox.ROOT / "action.yml").read_text())
CONDITIONS = {"inputs.sarif == 'true'": lambda inputs: inputs["sarif"] == "true"}

MODELS = """
from django.db import models


class Author(models.Model):
    name = models.TextField()


class Book(models.Model):
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
"""
SLOW = "from shop.models import Book\n\n\ndef {}():\n    return [book.author.name for book in Book.objects.all()]\n"


class Runner:
    """A checkout with a project in a folder of its own, and a place for what steps leave behind. Unless it
    `installs`, the binary is where the first step would put it."""

    def __init__(self, installs=False):
        self.skipped = [] if installs else ["Install querylint"]
        self.workspace = Path(tempfile.mkdtemp(dir=sandbox.COMMON))
        self.temporary = Path(tempfile.mkdtemp(dir=sandbox.COMMON))
        self.output = self.temporary / "output"
        self.summary = self.temporary / "summary"
        if not installs:
            programs = self.temporary / "querylint-venv/bin"
            programs.mkdir(parents=True)
            (programs / "querylint").symlink_to(sandbox.BINARY)
        self.write("site/pyproject.toml", "[tool.querylint]\n")
        self.write("site/shop/models.py", MODELS)
        self.write("site/shop/old.py", SLOW.format("old"))
        self.git("init", "--quiet")
        self.commit()

    def write(self, name, text):
        path = self.workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def git(self, *arguments):
        return sandbox.run("git", *arguments, cwd=self.workspace, env=sandbox.environment())

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a change")

    def steps(self, **given):
        """Runs the action's own steps until one fails. Returns the last that ran."""
        defaults = {name: entry["default"] for name, entry in ACTION["inputs"].items()}
        inputs = defaults | {"working-directory": "site"} | given
        for step in ACTION["runs"]["steps"]:
            condition = step.get("if")
            if step["name"] in self.skipped or "uses" in step or (condition and not CONDITIONS[condition](inputs)):
                continue
            done = sandbox.run("bash", "-c", step["run"], cwd=self.workspace, check=False,
                               env=self.environment(step.get("env", {}), inputs))
            if done.returncode != 0:
                break
        return done

    def environment(self, values, inputs):
        def value_of(match):
            return inputs[match[1]]

        filled = {
            name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", value_of, value)
            for name, value in values.items()
        }
        return sandbox.environment(
            **({} if self.skipped else {"PIP_FIND_LINKS": sandbox.find_links()}),
            XDG_CACHE_HOME=str(self.temporary / "cache"),
            CI="true",
            GITHUB_ACTION_PATH=str(sandbox.ROOT),
            GITHUB_OUTPUT=str(self.output),
            GITHUB_STEP_SUMMARY=str(self.summary),
            GITHUB_WORKSPACE=str(self.workspace),
            RUNNER_TEMP=str(self.temporary),
            **filled,
        )


class Action(unittest.TestCase):
    def test_a_finding_is_annotated_and_fails_the_step(self):
        done = Runner(installs=True).steps()
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"(?m)^::warning .*file=site/shop/old\.py,line=5,endLine=5,col=13,")

    def test_only_what_is_new(self):
        runner = Runner()
        self.assertEqual(runner.steps(diff="HEAD").returncode, 0)
        runner.write("site/shop/new.py", SLOW.format("new"))
        runner.commit()
        done = runner.steps(diff="HEAD^1")
        self.assertEqual(done.returncode, 1)
        self.assertIn("file=site/shop/new.py", done.stdout)
        self.assertNotIn("file=site/shop/old.py", done.stdout)

    def test_sarif_holds_everything_with_paths_of_the_repository(self):
        runner = Runner()
        self.assertEqual(runner.steps(sarif="true", diff="HEAD").returncode, 0)
        file = runner.output.read_text().strip().removeprefix("file=")
        log = yaml.safe_load(Path(file).read_text())
        location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        self.assertEqual(location["artifactLocation"]["uri"], "site/shop/old.py")

    def test_a_baseline_and_options(self):
        runner = Runner()
        self.assertEqual(runner.steps(options="--exit-zero\n--select\ncounting").returncode, 0)
        runner.steps(options="--write-baseline\nknown.json")
        self.assertEqual(runner.steps(baseline="known.json").returncode, 0)
        self.assertEqual(runner.steps(baseline="none.json").returncode, 2)

    def test_what_is_left_out_is_in_the_summary(self):
        runner = Runner()
        for i in range(12):
            runner.write(f"site/shop/more{i}.py", SLOW.format("more"))
        done = runner.steps()
        self.assertEqual(len(re.findall(r"(?m)^::warning ", done.stdout)), 10)
        self.assertEqual(runner.summary.read_text().count("\n| warning | site/shop/"), 3)

    def test_inputs_are_data(self):
        for name in ("paths", "diff", "baseline", "options", "version", "working-directory"):
            runner = Runner(installs=name == "version")
            done = runner.steps(**{name: "$(touch stolen); `touch stolen` '\" ; touch stolen #"})
            self.assertNotEqual(done.returncode, 0, name)
            self.assertEqual(list(runner.workspace.rglob("stolen*")), [], name)

    def test_a_version_that_is_not_there(self):
        done = Runner(installs=True).steps(version="0.0.0")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("querylint==0.0.0", done.stdout)


if __name__ == "__main__":
    unittest.main()
