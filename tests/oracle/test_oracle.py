"""Shows that the oracle finds a wrong expectation of each kind, and accepts the right ones.

python -m unittest tests.oracle.test_oracle tests.oracle.test_sqlalchemy
"""

import json
import sys
import tempfile
import unittest
from pathlib import Path
from textwrap import dedent

from .cases import CaseError, parse_cases
from .suite import run_files

FAMILIES = {
    "lazy-relation-in-loop": "loops",
    "query-in-loop": "loops",
    "save-in-loop": "loops",
    "commit-in-loop": "loops",
    "insert-in-loop": "loops",
    "update-in-loop": "loops",
    "lazy-load-in-async": "transactions",
    "columns-never-read": "loading",
    "sum-in-python": "python-work",
    "count-as-truth": "counting",
    "joined-aggregates": "subqueries",
}
SAMPLES = Path(__file__).with_name("samples")


def section(name, code, path="shop/views.py"):
    """A section with one Python file."""
    return f"\n## {name}\n\n" + fence(code, path)


def fence(code, path):
    language = {"py": "python"}.get(path.split()[0].rpartition(".")[2], "html")
    return f"```{language} path={path}\n{dedent(code).strip()}\n```\n\n"


def failures_of(*parts, linter=None):
    """(file line, text) of all failures of a case file put together from parts."""
    outcomes = run_files(
        [("case.md", "# Case\n" + "".join(parts))], FAMILIES, jobs=1, linter=linter
    )
    return [
        (failure.path, failure.line, failure.text)
        for outcome in outcomes
        for failure in outcome.failures
    ]


class OracleTestCase(unittest.TestCase):
    def assert_fails(self, expected, *parts):
        """There is one failure, and its text holds `expected`."""
        failures = failures_of(*parts)
        self.assertEqual(len(failures), 1, failures)
        self.assertIn(expected, failures[0][2])

    def assert_passes(self, *parts):
        self.assertEqual(failures_of(*parts), [])


class Samples(OracleTestCase):
    def test_all_samples_are_borne_out(self):
        for file in sorted(SAMPLES.glob("*.md")):
            with self.subTest(file.name):
                self.assert_passes(file.read_text(encoding="utf-8"))


class Findings(OracleTestCase):
    def test_a_finding_that_does_not_grow(self):
        code = """
            from shop.models import Book

            def titles():
                books = Book.objects.select_related("author")
                return [book.author.name for book in books]  # error: [lazy-relation-in-loop]
        """
        self.assert_fails("needs no more statements", section("Test", code))

    def test_a_finding_beside_a_real_one(self):
        code = """
            from shop.models import Book

            def titles():
                found = []
                for book in Book.objects.select_related("publisher"):
                    found.append(book.author.name)  # error: [lazy-relation-in-loop]
                    found.append(book.publisher.name)  # error: [lazy-relation-in-loop]
                return found
        """
        failures = failures_of(section("Test", code))
        self.assertEqual([(path, line) for path, line, _ in failures], [("shop/views.py", 7)])

    def test_one_query_too_many_needs_one_query(self):
        code = """
            from shop.models import Book

            def key(book: Book):
                return book.{}  # error: [lazy-relation-in-loop] "One query too many"
        """
        self.assert_passes(section("Test", code.format("author.pk")))
        self.assert_fails("no statement passes", section("Test", code.format("author_id")))

    def test_several_findings_on_one_line(self):
        code = """
            from shop.models import Book

            def titles():
                return [b.author.name for b in Book.objects.all()]  # error: [query-in-loop] "a"  # error: [x]
        """
        self.assert_fails("there is no page of a rule 'x'", section("Test", code))

    def test_a_finding_in_a_helper_that_nothing_reaches(self):
        code = """
            from shop.models import Book

            def _titles():
                return [b.author.name for b in Book.objects.all()]  # error: [query-in-loop]

            def count():
                return Book.objects.count()
        """
        self.assert_fails("nothing that is called reaches it", section("Test", code))

    def test_a_finding_on_a_property_that_is_read_once(self):
        models = """
            from django.db import models

            class Tag(models.Model):
                parent = models.ForeignKey("self", models.CASCADE, null=True)

                @property
                def path(self):
                    return self.parent  # error: [lazy-relation-in-loop]
        """
        view = """
            from shop.models import Tag

            def show(tag: Tag):
                return tag.path
        """
        self.assert_fails(
            "needs no more statements", section("Test", view), fence(models, "shop/models.py")
        )

    def test_a_finding_where_the_rows_are_queried(self):
        view = """
            from django.shortcuts import render

            from shop.models import Book

            def catalogue(request):
                books = Book.objects.all()  # error: [lazy-relation-in-loop]
                return render(request, "shop/books.html", {"books": books})
        """
        page = "{% for book in books %}{{ book.author.name }}{% endfor %}"
        self.assert_passes(section("Test", view), fence(page, "shop/templates/shop/books.html"))

    def test_a_finding_in_a_template(self):
        view = """
            from django.views.generic import ListView

            from shop.models import Book

            class BookList(ListView):
                model = Book
        """
        page = """
            {% for book in object_list %}
            {{ book.title }} {# error: [lazy-relation-in-loop] #}
            {{ book.author.name }}
            {% endfor %}
        """
        right = page.replace(" {# error: [lazy-relation-in-loop] #}", "").replace(
            "name }}", "name }} {# error: [lazy-relation-in-loop] #}"
        )
        path = "shop/templates/shop/book_list.html"
        self.assert_passes(section("Test", view), fence(right, path))
        none = "{% for book in object_list %}{{ book.title }}{% endfor %}"
        wrong = none.replace("{% endfor %}", "{# error: [lazy-relation-in-loop] #}{% endfor %}")
        self.assert_fails("no more statements", section("Test", view), fence(wrong, path))


class Silence(OracleTestCase):
    def test_a_silent_function_that_grows(self):
        code = """
            from shop.models import Book

            def titles():
                return [book.author.name for book in Book.objects.all()]
        """
        self.assert_fails("nothing is announced here", section("Test", code))

    def test_a_silent_property_of_a_row_that_grows(self):
        code = """
            from shop.models import Author

            def stars(author: Author):
                return [book.reviews.count() for book in author.books.all()]
        """
        self.assert_fails("nothing is announced here", section("Test", code))

    def test_a_finding_of_another_family_does_not_excuse_growth(self):
        code = """
            from shop.models import Book

            def total():
                books = Book.objects.all()
                return sum(len(book.author.name) for book in books)  # error: [sum-in-python]
        """
        self.assert_fails("nothing is announced here", section("Test", code))

    def test_a_caller_of_a_helper_that_grows(self):
        helper = """
            from shop.models import Book

            def _names(books):
                return [book.author.name for book in books]  # error: [lazy-relation-in-loop]

            def names():
                return _names(Book.objects.all())
        """
        more = """
            def more():
                return names(), [b.publisher.name for b in Book.objects.all()]
        """
        self.assert_passes(section("Test", helper))
        self.assert_fails(
            "nothing is announced here", section("Test", dedent(helper) + dedent(more))
        )

    def test_growth_that_is_explained(self):
        code = """
            from shop.models import Book

            def titles():
                # grows: {}
                return [book.author.name for book in Book.objects.{}]
        """
        self.assert_passes(section("Test", code.format("a reason", "all()")))
        self.assert_fails("'grows:' stands here", section("Test", code.format("why", "none()")))
        self.assert_fails("needs a reason", section("Test", code.format("", "all()")))

    def test_what_cannot_be_called(self):
        code = """
            def show(thing):
                return thing
        """
        self.assert_fails("cannot make argument 'thing': annotate it", section("Test", code))

    def test_what_fails(self):
        code = """
            from shop.models import Book

            def show():
                return Book.objects.get(colour=1)
        """
        self.assert_fails("FieldError: Cannot resolve keyword", section("Test", code))
        self.assert_fails("ModuleNotFoundError", section("Test", "import shop.nothing"))


class FixedCode(OracleTestCase):
    BROKEN = """
        from shop.models import Book

        def names():
            books = Book.objects.order_by("pk")
            return [book.author.name for book in books]  # error: [lazy-relation-in-loop]
    """
    LOADED = 'order_by("pk").select_related("author")'

    def parts(self, old, new):
        """A section, and its fixed code with something replaced."""
        fixed = fence(self.BROKEN.replace("  # error: [lazy-relation-in-loop]", ""), "shop/views.py")
        self.assertIn(old, fixed)
        fixed = fixed.replace(old, new).replace("views.py", "views.py fixed")
        return section("Test", self.BROKEN), fixed

    def test_that_does_the_same_for_less(self):
        self.assert_passes(*self.parts('order_by("pk")', self.LOADED))

    def test_with_another_result(self):
        parts = self.parts('order_by("pk")', self.LOADED.replace("pk", "-pk"))
        self.assert_fails("not that of its bad twin", *parts)

    def test_that_still_grows(self):
        parts = self.parts('order_by("pk")', 'order_by("pk").select_related("publisher")')
        self.assert_fails("nothing is announced here, but", *parts)

    def test_that_announces_the_same(self):
        parts = section("Test", self.BROKEN), fence(self.BROKEN, "shop/views.py fixed")
        self.assert_fails("it announces all that it did", *parts)

    def failures_after(self, old, new, left=()):
        """The failures where a linter replaces that and finds what is left: (line, rule)."""
        found = [
            {"path": "shop/views.py", "line": line, "rule": rule, "certainty": "firm"}
            for line, rule in left
        ]
        lines = (
            f"#!{sys.executable}",
            "import pathlib",
            'path = pathlib.Path("shop/views.py")',
            f"path.write_text(path.read_text().replace({old!r}, {new!r}))",
            f"print({json.dumps({'diagnostics': found})!r})",
        )
        with tempfile.TemporaryDirectory() as folder:
            linter = Path(folder) / "linter"
            linter.write_text("\n".join(lines), encoding="utf-8")
            linter.chmod(0o755)
            return failures_of(section("Test", self.BROKEN), linter=linter)

    def test_that_the_linter_makes(self):
        self.assertEqual(self.failures_after('order_by("pk")', self.LOADED), [])
        self.assertEqual(self.failures_after("no such text", ""), [])

    def test_that_the_linter_makes_wrong(self):
        failures = self.failures_after('order_by("pk")', self.LOADED.replace("pk", "-pk"))
        self.assertIn("not that of its bad twin", failures[0][2])

    def test_that_the_linter_makes_in_vain(self):
        left = [(5, "lazy-relation-in-loop")]
        edit = 'order_by("pk")', 'order_by("pk").all()'
        self.assertEqual(self.failures_after(*edit, left), [])
        failures = self.failures_after(*edit)
        self.assertIn("nothing is announced here, but", failures[0][2])

    def test_that_is_no_cheaper(self):
        broken = """
            from shop.models import Order

            def has_orders():
                return Order.objects.count() > 0  # error: [count-as-truth]
        """
        fixed = broken.replace("> 0  # error: [count-as-truth]", ">= 1")
        parts = section("Test", broken), fence(fixed, "shop/views.py fixed")
        self.assert_fails("no cheaper than its bad twin", *parts)


class Twins(OracleTestCase):
    def assert_twins(self, expected, bad, good):
        """The good function fails with that text; with None, not at all."""
        head = "from django.db.models import *\nfrom shop.models import *\n\n\n"
        bad, good = (head + dedent(code).strip() for code in (bad, good))
        parts = section("Bad", bad), section("Good", good)
        if expected is None:
            self.assert_passes(*parts)
        else:
            self.assert_fails(expected, *parts)

    def test_another_result(self):
        bad = """
            def show():
                return sum(book.price for book in Book.objects.all())  # error: [sum-in-python]
        """
        right = """
            def show():
                return Book.objects.aggregate(total=Sum("price"))["total"]
        """
        self.assert_twins(None, bad, right)
        self.assert_twins("not that of its bad twin", bad, right.replace("price", "stock"))

    def test_another_order(self):
        bad = """
            def show():
                books = Book.objects.order_by("pk")
                return [book.author.name for book in books]  # error: [lazy-relation-in-loop]
        """
        good = """
            def show():
                books = Book.objects.order_by("{}").select_related("author")
                return [book.author.name for book in books]
        """
        self.assert_twins(None, bad, good.format("pk"))
        self.assert_twins("not that of its bad twin", bad, good.format("-pk"))

    def test_other_rows_written(self):
        bad = """
            def empty(author: Author):
                for book in author.books.all():
                    book.stock = 0
                    book.save()  # error: [save-in-loop]
        """
        good = """
            def empty(author: Author):
                author.books.update(stock={})
        """
        self.assert_twins(None, bad, good.format(0))
        self.assert_twins("leaves other rows behind", bad, good.format(1))

    def test_no_cheaper(self):
        bad = """
            def show():
                return [book.title for book in Book.objects.all()]  # error: [columns-never-read]
        """
        good = """
            def show():
                return [book.title for book in Book.objects.{}]
        """
        self.assert_twins(None, bad, good.format('only("title")'))
        self.assert_twins("no cheaper than its bad twin", bad, good.format("filter()"))

    def test_no_cheaper_by_other_measures(self):
        bad = """
            def show():
                return Book.objects.filter(stock=3).count() > 0  # error: [count-as-truth]
        """
        good = """
            def show():
                return Book.objects.filter(stock=3).{}
        """
        self.assert_twins(None, bad, good.format("exists()"))
        self.assert_twins("no cheaper than its bad twin", bad, good.format("count() >= 1"))

    def test_wrong_result(self):
        bad = """
            def show():  # wrong result
                authors = Author.objects.annotate(  # error: [joined-aggregates]
                    books_n=Count("books"), reviews_n=Count("books__reviews")
                )
                return list(authors.values_list("books_n", "reviews_n"))
        """
        good = """
            def show():
                reviews = Review.objects.filter(book__author=OuterRef("pk")).order_by()
                reviews = reviews.values("book__author").annotate(n=Count("pk")).values("n")
                books = Book.objects.filter(author=OuterRef("pk")).order_by()
                books = books.values("author").annotate(n=Count("pk")).values("n")
                authors = Author.objects.annotate(
                    books_n=Subquery(books), reviews_n=Subquery(reviews)
                )
                return list(authors.values_list("books_n", "reviews_n"))
        """
        self.assert_twins(None, bad, good)
        right = bad.replace('Count("books")', 'Count("books", distinct=True)')
        self.assert_twins("called wrong, but is the same", right, good)

    def test_missing_twin(self):
        bad = """
            def show():
                return [b.author for b in Book.objects.all()]  # error: [lazy-relation-in-loop]

            def other():
                return 1
        """
        other = "def other():\n    return 1"
        code = "from shop.models import Book\n" + dedent(bad)
        self.assert_fails("it has no twin", section("Bad: x", code))
        self.assert_fails("lacks a twin", section("Bad", code), section("Good", other))


class Cases(unittest.TestCase):
    def test_files_of_a_section(self):
        text = "---\nrule: x\n## no section\n---\n# Title\n" + fence("a = 1", "shop/shared.py")
        text += "## One\n### Part\n" + fence("b = 2", "shop/views.py")
        text += "```toml\nx = 1\n```\n```text dump=ir path=x\n```\n## Words only\n"
        (test,) = parse_cases(text, "case.md")
        paths = [source.path for source in test.sources]
        self.assertEqual(paths, ["shop/shared.py", "shop/views.py", "shop/models.py"])
        self.assertEqual(text.splitlines()[test.source("shop/views.py").line - 1], "b = 2")

    def test_a_section_that_is_off(self):
        text = section("One", "a = 1") + "<!-- oracle: off{} -->\n"
        (test,) = parse_cases(text.format(": no Django"), "case.md")
        self.assertEqual(test.off, "no Django")
        with self.assertRaisesRegex(CaseError, "needs a reason"):
            parse_cases(text.format(""), "case.md")

    def test_broken_files(self):
        for text, message in (
            ("## One\n```python\na = 1\n", "never closed"),
            ("## One\n" + 2 * fence("a = 1", "a.py"), "a second fence for a.py"),
        ):
            with self.subTest(message), self.assertRaisesRegex(CaseError, message):
                parse_cases(text, "case.md")

    def test_broken_sections(self):
        for code, message in (
            ("a = 1  # error: [no-such-rule]", "no page of a rule 'no-such-rule'"),
            ("a = ", "not Python"),
        ):
            with self.subTest(message):
                self.assertIn(message, failures_of(section("One", code))[0][2])


if __name__ == "__main__":
    unittest.main()
