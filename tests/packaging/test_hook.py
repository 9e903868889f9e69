"""The hooks under the real pre-commit, in real repositories, at real commits.

python -m unittest tests.packaging.test_hook
"""

import re
import shutil
import unittest

from . import sandbox
from .sandbox import PRE_COMMIT, Repository, run

MODELS = """\
from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=80)


class Book(models.Model):
    title = models.CharField(max_length=120)
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
"""

QUERIES = """\
from shop.models import Book


def books():
    return Book.objects.all()
"""

REPAIRED_QUERIES = QUERIES.replace("all()", 'select_related("author")')

VIEWS = """\
from shop.queries import books


def authors():
    return [book.author.name for book in books()]
"""

JOB = """\
from shop.models import Book


def save_all():
    for book in Book.objects.all():
        book.save()
"""

LIST = """\
from shop.models import Book


def authors():
    return [book.author.name for book in Book.objects.all()]
"""

CLEAN = "def nothing():\n    return None\n"


class HookTestCase(unittest.TestCase):
    def repository(self, *hooks, **more):
        repository = Repository(hooks or ["id: querylint"], **more)
        self.addCleanup(shutil.rmtree, repository.folder)
        return repository

    def project(self, *hooks, **more):
        """A project without a defect, committed."""
        repository = self.repository(*hooks, **more)
        repository.write("shop/models.py", MODELS)
        repository.write("shop/queries.py", REPAIRED_QUERIES)
        repository.write("shop/views.py", VIEWS)
        repository.commit_unchecked()
        return repository

    def assert_refused(self, done, *places):
        """The commit is refused for findings at exactly these places."""
        self.assertEqual(done.returncode, 1, done.stdout)
        found = re.findall(r"^ *--> (\S+):\d+$", done.stdout, re.MULTILINE)
        self.assertEqual(found, list(places), done.stdout)

    def assert_passes(self, done):
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"(?m)^querylint.*Passed$")


class Commits(HookTestCase):
    def test_is_refused_with_line_cost_and_fix_and_let_through_once_mended(self):
        repository = self.project()
        repository.write("shop/jobs.py", JOB)
        done = repository.commit()
        self.assert_refused(done, "shop/jobs.py:6")
        self.assertIn("N UPDATE statements, one per row of Book", done.stdout)
        self.assertIn("bulk_update", done.stdout)
        self.assertNotIn("shop/jobs.py", repository.git("ls-tree", "-r", "HEAD").stdout)
        repository.write("shop/jobs.py", JOB.replace("        book.save()", "        print(book)"))
        self.assert_passes(repository.commit())

    def test_hears_of_a_line_elsewhere_that_the_staged_one_makes_slow(self):
        repository = self.project()
        repository.write("shop/queries.py", QUERIES)
        self.assert_refused(repository.commit("shop/queries.py"), "shop/views.py:5")

    def test_hears_nothing_of_what_is_not_staged(self):
        repository = self.project()
        repository.write("shop/jobs.py", JOB)
        repository.commit_unchecked()
        repository.write("shop/new.py", CLEAN)
        self.assert_passes(repository.commit())

    def test_of_the_whole_project_hears_of_all(self):
        repository = self.project("id: querylint-project")
        repository.write("shop/jobs.py", JOB)
        repository.commit_unchecked()
        repository.write("shop/new.py", CLEAN)
        self.assert_refused(repository.commit(), "shop/jobs.py:6")

    def test_without_python_run_nothing(self):
        repository = self.project("id: querylint", "id: querylint-project")
        repository.write("shop/notes.txt", "some notes")
        done = repository.commit()
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(done.stdout.count("(no files to check)Skipped"), 2, done.stdout)

    def test_of_the_configuration_check_the_project(self):
        repository = self.project("id: querylint", "id: querylint-project")
        repository.write("querylint.toml", "selekt = []\n")
        done = repository.commit()
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("querylint.toml:1:1: unknown key `selekt`", done.stdout)

    def test_take_arguments(self):
        repository = self.project("{id: querylint, args: [--output-format, concise, --ignore, save-in-loop]}")
        repository.write("shop/jobs.py", JOB)
        self.assert_passes(repository.commit())
        repository.write("shop/queries.py", QUERIES)
        done = repository.commit()
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"(?m)^shop/views\.py:5:\d+: warning \[lazy-relation-in-loop\]")

    def test_may_repair_what_they_refuse(self):
        repository = self.project("{id: querylint, args: [--fix]}")
        repository.write("shop/lists.py", LIST)
        done = repository.commit()
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("files were modified by this hook", done.stdout)
        repaired = LIST.replace("all()", 'all().select_related("author")')
        self.assertEqual(repository.read("shop/lists.py"), repaired)
        self.assert_passes(repository.commit())

    def test_may_be_asked_for_what_is_new_only(self):
        repository = self.project("{id: querylint, args: [--diff, HEAD]}")
        repository.write("shop/jobs.py", JOB)
        repository.commit_unchecked()
        repository.write("shop/jobs.py", JOB + "\n\n" + CLEAN)
        self.assert_passes(repository.commit())
        repository.write("shop/queries.py", QUERIES)
        repository.write("shop/jobs.py", JOB)
        self.assert_refused(repository.commit(), "shop/views.py:5")

    def with_baseline(self, hook):
        """A project whose only defect its baseline knows."""
        repository = self.project(hook, CI="")
        repository.write("querylint.toml", 'baseline = "known.json"\n')
        repository.write("shop/jobs.py", JOB)
        run(sandbox.BINARY, "check", "--write-baseline", "known.json", cwd=repository.folder, env=repository.env)
        self.assertIn("save-in-loop", repository.read("known.json"))
        self.assert_passes(repository.commit())
        return repository

    def test_leave_out_what_a_baseline_knows(self):
        repository = self.with_baseline("id: querylint")
        repository.write("shop/jobs.py", JOB + "\n\n" + CLEAN)
        self.assert_passes(repository.commit())
        repository.write("shop/jobs.py", CLEAN)
        self.assert_passes(repository.commit())
        self.assertIn("save-in-loop", repository.read("known.json"))

    def test_of_the_whole_project_shrink_the_baseline(self):
        repository = self.with_baseline("id: querylint-project")
        repository.write("shop/jobs.py", CLEAN)
        self.assertIn("files were modified by this hook", repository.commit().stdout)
        self.assertNotIn("save-in-loop", repository.read("known.json"))
        self.assert_passes(repository.commit())

    def test_of_excluded_files_pass(self):
        repository = self.project()
        repository.write("querylint.toml", 'exclude = ["legacy"]\n')
        repository.write("legacy/jobs.py", JOB)
        self.assert_passes(repository.commit())

    def test_of_removed_renamed_and_linked_files(self):
        repository = self.project()
        repository.git("mv", "shop/views.py", "shop/pages.py")
        repository.write("shop/old.py", CLEAN)
        (repository.folder / "shop/link.py").symlink_to("models.py")
        self.assert_passes(repository.commit())
        repository.git("rm", "--quiet", "shop/old.py")
        repository.write("shop/queries.py", QUERIES)
        self.assert_refused(repository.commit(), "shop/pages.py:5")


class UnstagedEdits(HookTestCase):
    """pre-commit puts them away and brings them back, by which time stamps change."""

    def test_are_not_judged(self):
        repository = self.project()
        repository.write("shop/jobs.py", CLEAN)
        repository.git("add", "shop/jobs.py")
        repository.write("shop/jobs.py", JOB)
        self.assert_passes(repository.git("commit", "--message", "clean", check=False))
        self.assertEqual(repository.read("shop/jobs.py"), JOB)
        self.assert_refused(repository.commit(), "shop/jobs.py:6")

    def test_do_not_save_what_is_staged(self):
        repository = self.project()
        repository.write("shop/jobs.py", JOB)
        repository.git("add", "shop/jobs.py")
        repository.write("shop/jobs.py", CLEAN)
        for _ in range(2):  # the second time the cache knows all
            done = repository.git("commit", "--message", "slow", check=False)
            self.assert_refused(done, "shop/jobs.py:6")
            self.assertEqual(repository.read("shop/jobs.py"), CLEAN)
        self.assert_passes(repository.commit())

    def test_of_other_files_are_not_judged(self):
        repository = self.project()
        repository.write("shop/queries.py", QUERIES)
        repository.write("shop/views.py", VIEWS + "\n\n" + CLEAN)
        self.assert_passes(repository.commit("shop/views.py"))
        self.assertEqual(repository.read("shop/queries.py"), QUERIES)


class ManyFiles(HookTestCase):
    def test_come_as_two_calls_and_the_second_parses_nothing(self):
        repository = self.project("{id: querylint, args: [--timings]}")
        for i in range(4000):
            repository.write(f"shop/a_folder_with_a_rather_long_name/module_number_{i:04}.py", f"x = {i}\n")
        repository.write("aaa/jobs.py", JOB)
        repository.write("zzz/jobs.py", JOB)
        done = repository.commit()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(re.findall(r"(\d+) files, (\d+) parsed", done.stdout), [("4005", "4005"), ("4005", "0")])
        self.assert_refused(done, "aaa/jobs.py:6", "zzz/jobs.py:6")


class Places(HookTestCase):
    def test_in_a_folder_of_the_repository_with_a_configuration(self):
        repository = self.repository()
        repository.write("backend/querylint.toml", "")
        repository.write("backend/shop/models.py", MODELS)
        repository.commit_unchecked()
        repository.write("backend/shop/jobs.py", JOB)
        repository.git("add", "--intent-to-add", "backend/shop/jobs.py")
        done = repository.git("commit", "--all", "--message", "slow", check=False)
        self.assert_refused(done, "backend/shop/jobs.py:6")

    def test_in_a_linked_work_tree(self):
        repository = self.project()
        other = repository.folder / ".git/other"
        repository.git("worktree", "add", "--quiet", other)
        (other / "shop/queries.py").write_text(QUERIES)
        self.assert_refused(repository.commit("shop/queries.py", cwd=other), "shop/views.py:5")
        (other / "shop/queries.py").write_text(REPAIRED_QUERIES + "\n\n" + CLEAN)
        self.assert_passes(repository.commit("shop/queries.py", cwd=other))

    def test_from_this_repository_pip_builds_the_hook(self):
        prebuilt = f"QUERYLINT_PREBUILT={sandbox.BINARY}"
        repository = self.project(
            "id: querylint", source=sandbox.own_repository(), SKBUILD_CMAKE_DEFINE=prebuilt
        )
        repository.write("shop/jobs.py", JOB)
        self.assert_refused(repository.commit(), "shop/jobs.py:6")
        done = run(*PRE_COMMIT, "run", "--all-files", cwd=repository.folder, env=repository.env, check=False)
        self.assert_refused(done, "shop/jobs.py:6")


if __name__ == "__main__":
    unittest.main()
