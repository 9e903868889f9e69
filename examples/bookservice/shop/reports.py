"""Figures on what the shop sells."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from shop.models import Author, Book, Genre, Order, OrderLine, Publisher, Status


def revenue(session: Session) -> Decimal:
    """What all paid orders come to."""
    paid = select(func.sum(Order.total)).where(Order.status.in_([Status.PAID, Status.SHIPPED]))
    return session.scalar(paid) or Decimal(0)


def revenue_by_country(session: Session) -> dict[str, Decimal]:
    """What was sold of the publishers of each country."""
    amount = func.sum(OrderLine.quantity * OrderLine.unit_price)
    rows = session.execute(
        select(Publisher.country, amount)
        .join(Book, Book.publisher_id == Publisher.id)
        .join(OrderLine, OrderLine.book_id == Book.id)
        .group_by(Publisher.country)
    )
    return dict(rows.tuples().all())


def stock_by_publisher(session: Session) -> dict[str, int]:
    """How many copies of each publisher's books lie in the shop."""
    stock = {}
    for publisher in session.scalars(select(Publisher).order_by(Publisher.name)):
        stock[publisher.name] = sum(book.stock for book in publisher.books)
    return stock


def best_sellers(session: Session) -> Sequence[Book]:
    """The ten books that sold best."""
    sold = func.sum(OrderLine.quantity)
    return session.scalars(
        select(Book)
        .join(Book.lines)
        .options(joinedload(Book.author))
        .group_by(Book.id)
        .order_by(sold.desc())
        .limit(10)
    ).all()


def books_per_genre(session: Session) -> dict[str, int]:
    rows = session.execute(
        select(Genre.name, func.count(Book.id)).outerjoin(Genre.books).group_by(Genre.id)
    )
    return dict(rows.tuples().all())


def authors_without_books(session: Session) -> Sequence[str]:
    return session.scalars(select(Author.name).where(~Author.books.any())).all()


def open_orders(session: Session) -> list[str]:
    """Who waits for how much: one line per open order."""
    orders = session.scalars(
        select(Order).where(Order.status == Status.OPEN).options(joinedload(Order.customer))
    )
    return [f"{order.customer.phone}: {order.total} {order.note}" for order in orders]
