"""What the shop has to offer."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models import Author, Book, Genre, Publisher, Review


def for_listing() -> Select[tuple[Book]]:
    """The books in print, with all that a list of them shows."""
    return (
        select(Book)
        .where(Book.is_in_print)
        .options(joinedload(Book.author), joinedload(Book.publisher))
        .order_by(Book.title)
    )


def books_in_print(session: Session, country: str | None = None, page: int = 0) -> Sequence[Book]:
    """A page of the catalogue, of all publishers or of those of a country."""
    query = for_listing()
    if country:
        query = query.join(Book.publisher).where(Publisher.country == country)
    return session.scalars(query.offset(page * 20).limit(20)).all()


def books_of_genre(session: Session, name: str) -> tuple[Sequence[Book], str]:
    """The books of a genre, and what to say about them."""
    query = for_listing().where(Book.genres.any(Genre.name == name))
    found = session.scalar(select(func.count()).select_from(query.subquery()))
    message = "" if found else "Nothing here yet."
    return session.scalars(query).all(), message


def bibliographies(session: Session) -> dict[str, list[str]]:
    """The titles that each author has written."""
    authors = session.scalars(
        select(Author).options(selectinload(Author.books)).order_by(Author.name)
    )
    return {author.name: [book.title for book in author.books] for author in authors}


def price_list(session: Session) -> list[str]:
    """One line per book, for the printer."""
    books = session.scalars(select(Book).where(Book.is_in_print).order_by(Book.title))
    return [f"{book.title}: {book.price}" for book in books]


def new_arrivals(session: Session, limit: int = 30) -> list[dict[str, str]]:
    """The latest books, for the shop's window on other sites."""
    query = select(Book).options(joinedload(Book.author)).order_by(Book.published.desc())
    return [
        {
            "title": book.title,
            "author": book.author.name,
            "publisher": book.publisher.name,
            "price": str(book.price),
            "about": book.summary[:200],
        }
        for book in session.scalars(query.limit(limit))
    ]


def reviews_of(session: Session, book: Book) -> Sequence[Review]:
    """The latest reviews of a book, with those who wrote them."""
    return session.scalars(
        select(Review)
        .where(Review.book_id == book.id)
        .options(joinedload(Review.customer))
        .order_by(Review.created.desc())
        .limit(50)
    ).all()


def raise_prices(session: Session, percent: int) -> None:
    """Makes all books dearer."""
    factor = 1 + Decimal(percent) / 100
    for book in session.scalars(select(Book)).all():
        book.price = round(book.price * factor, 2)
        session.commit()
