"""What `test_oracle` shows for all tests, and for Django, shown for SQLAlchemy."""

import unittest
from pathlib import Path
from textwrap import dedent
from unittest import mock

from .cases import CaseError, parse_cases
from .test_oracle import OracleTestCase, failures_of, section

HEAD = """\
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, joinedload

from shop.models import *


"""


def page(*parts, orm="sqlalchemy"):
    return f"<!-- orm: {orm} -->\n" + "".join(parts)


def test_of(code, name="Test"):
    return section(name, HEAD + dedent(code).strip())


class SqlAlchemyTestCase(OracleTestCase):
    def assert_code_fails(self, expected, code):
        self.assert_fails(expected, page(test_of(code)))

    def assert_code_passes(self, code):
        self.assert_passes(page(test_of(code)))


class Findings(SqlAlchemyTestCase):
    def test_a_finding_that_does_not_grow(self):
        code = """
            def titles(session: Session):
                books = session.scalars(select(Book).options({}))
                return [book.author.name for book in books]  # error: [lazy-relation-in-loop]
        """
        self.assert_code_passes(code.format(""))
        self.assert_code_fails("no more statements", code.format("joinedload(Book.author)"))

    def test_a_silent_function_that_grows(self):
        code = """
            def titles(session: Session):
                return [book.author.name for book in session.scalars(select(Book){})]
        """
        self.assert_code_fails("nothing is announced here", code.format(""))
        self.assert_code_passes(code.format(".limit(5)"))

    def test_commits_are_counted(self):
        code = """
            def touch(session: Session, ids: list[int]):
                for id in ids{}:
                    session.get(Book, id)  # error: [query-in-loop]
                    session.commit()  # error: [commit-in-loop]
        """
        self.assert_code_passes(code.format(""))
        few = code.replace("  # error: [query-in-loop]", "").format("[:2]")
        self.assert_code_fails("no more statements", few)

    def test_a_query_is_no_commit(self):
        code = """
            def touch(session: Session, ids: list[int]):
                for id in ids:
                    session.get(Book, id)  # error: [{}]
        """
        self.assert_code_passes(code.format("query-in-loop"))
        self.assert_code_fails("no more statements", code.format("commit-in-loop"))
        self.assert_code_fails("no more statements", code.format("insert-in-loop"))

    def test_savepoints_are_counted(self):
        self.assert_code_passes("""
            def touch(session: Session, ids: list[int]):
                for id in ids:
                    with session.begin_nested():  # error: [commit-in-loop]
                        session.get(Book, id)  # error: [query-in-loop]
        """)

    def test_rows_that_are_added_together_are_one_insert(self):
        self.assert_code_passes("""
            def add(session: Session, names: list[str]):
                session.add_all([Author(name=name) for name in names])
                session.commit()

            def insert_each(session: Session, names: list[str]):
                for name in names:
                    session.execute(insert(Author).values(name=name))  # error: [insert-in-loop]
        """)

    def test_an_update_of_many_rows_counts_for_each(self):
        code = """
            def change(session: Session):
                for book in session.scalars(select(Book){}):
                    book.stock += 1  # error: [update-in-loop]
                session.commit()
        """
        self.assert_code_passes(code.format(""))
        self.assert_code_fails("no more statements", code.format(".limit(3)"))


class Asynchronous(SqlAlchemyTestCase):
    LAZY = """
        async def titles(session: AsyncSession):
            books = await session.scalars(select(Book).options({}))
            return [book.author.name for book in books]{}
    """

    def test_a_lazy_load_fails(self):
        error = "  # error: [lazy-load-in-async]"
        self.assert_code_passes(self.LAZY.format("", error))
        self.assert_code_fails("MissingGreenlet", self.LAZY.format("", ""))
        loaded = "joinedload(Book.author)"
        self.assert_code_passes(self.LAZY.format(loaded, ""))
        self.assert_code_fails("no lazy load fails", self.LAZY.format(loaded, error))

    def test_a_lazy_load_on_another_line(self):
        code = """
            async def titles(session: AsyncSession):
                books = await session.scalars(select(Book))  # error: [lazy-load-in-async]
                return [book.author.name for book in books]
        """
        messages = [text for _, _, text in failures_of(page(test_of(code)))]
        self.assertEqual(len(messages), 1, messages)
        self.assertIn("MissingGreenlet", messages[0])

    def test_statements_belong_to_the_lines_that_await(self):
        code = """
            async def find(session: AsyncSession, ids: list[int]):
                found = []{}
                for id in ids:
                    found.append(await find_one(session, id)){}
                return found

            async def find_one(session: AsyncSession, id: int):
                return await session.get(Book, id)
        """
        error = "  # error: [query-in-loop]"
        self.assert_code_passes(code.format("", error))
        self.assert_code_fails("nothing is announced", code.format("", ""))

    def test_statements_belong_to_the_lines_that_make_tasks(self):
        self.assert_code_passes("""
            import asyncio
            from sqlalchemy.ext.asyncio import async_sessionmaker

            async def find(sessions: async_sessionmaker[AsyncSession], ids: list[int]):
                tasks = []
                for id in ids:
                    tasks.append(asyncio.create_task(_one(sessions, id)))  # error: [query-in-loop]
                return [(await task).title for task in tasks]

            async def _one(sessions, id):
                async with sessions() as session:
                    return await session.get(Book, id)
        """)


class Twins(SqlAlchemyTestCase):
    def assert_twins(self, expected, bad, good):
        """The good function fails with that text; with None, not at all."""
        both = page(test_of(bad, "Bad"), test_of(good, "Good"))
        if expected is None:
            self.assert_passes(both)
        else:
            self.assert_fails(expected, both)

    def test_results_and_costs(self):
        bad = """
            def show(session: Session):
                books = session.scalars(select(Book).order_by(Book.id))
                return [book.author.name for book in books]  # error: [lazy-relation-in-loop]
        """
        good = """
            def show(session: Session):
                books = select(Book).order_by({}).options(joinedload(Book.author))
                return [book.author.name for book in session.scalars(books)]
        """
        self.assert_twins(None, bad, good.format("Book.id"))
        self.assert_twins("not that of its bad twin", bad, good.format("Book.id.desc()"))

    def test_columns(self):
        bad = """
            def show(session: Session):
                books = session.scalars(select(Book))  # error: [columns-never-read]
                return [book.title for book in books]
        """
        good = """
            def show(session: Session):
                return session.scalars(select(Book.title)).all()
        """
        self.assert_twins(None, bad, good)
        self.assert_twins("no cheaper", bad, bad.replace("  # error: [columns-never-read]", ""))

    def test_rows_written_before_the_commit(self):
        bad = """
            def empty(author: Author):
                for book in author.books:
                    book.stock = 0  # error: [update-in-loop]
        """
        good = """
            def empty(author: Author, session: Session):
                books = update(Book).where(Book.author_id == author.id)
                session.execute(books.values(stock={}))
        """
        right = bad.replace("  # error: [update-in-loop]", "")
        self.assert_twins("leaves other rows behind", right, good.format(1))
        self.assert_fails("no more statements", page(test_of(bad, "Test")))


class Environments(SqlAlchemyTestCase):
    def test_the_orm_of_pages_and_sections(self):
        text = page(test_of("a = 1"), test_of("a = 1", "Other") + "<!-- orm: django -->\n")
        first, second = parse_cases(text, "case.md")
        self.assertEqual([first.orm, second.orm], ["sqlalchemy", "django"])
        self.assertIn("DeclarativeBase", first.source("shop/models.py").text)
        self.assertIn("django.db", second.source("shop/models.py").text)
        with self.assertRaisesRegex(CaseError, "there is no ORM 'peewee'"):
            parse_cases(page(test_of("a = 1"), orm="peewee"), "case.md")

    def test_two_versions(self):
        code = """
            import sqlalchemy

            def version():
                assert sqlalchemy.__version__.startswith("{}")
        """
        parts = [
            section("Old", code.format("1.4")) + "<!-- orm: sqlalchemy 1.4 -->\n",
            section("New", code.format("2.0")),
        ]
        self.assert_passes(page(*parts))
        self.assert_fails("AssertionError", page(section("New", code.format("1.4"))))
        old = page(section("Old", code.format("2.0")), orm="sqlalchemy 1.4")
        self.assert_fails("AssertionError", old)

    def test_a_missing_environment(self):
        code = "def nothing():\n    return 1"
        with mock.patch("tests.oracle.suite.OTHER_PYTHON", Path("no-python")):
            self.assert_fails("is missing", page(section("Old", code), orm="sqlalchemy 1.4"))

    def test_what_cannot_be_called(self):
        self.assert_code_fails("cannot make argument 'thing'", "def show(thing):\n    return thing")


if __name__ == "__main__":
    unittest.main()
