"""Orders and those who place them."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from shop.models import Book, Order, OrderLine, Status
from shop.schemas import LineIn, OrderIn


class OutOfStock(Exception):
    """An order asks for more copies than there are."""


def place_order(session: Session, wanted: OrderIn) -> Order:
    """A new order, whose copies are taken from the stock."""
    order = Order(customer_id=wanted.customer_id, note=wanted.note, total=Decimal(0))
    for line in wanted.lines:
        add_line(session, order, line)
    session.add(order)
    session.commit()
    return order


def add_line(session: Session, order: Order, wanted: LineIn) -> None:
    book = session.get(Book, wanted.book_id)
    if book is None or book.stock < wanted.quantity:
        raise OutOfStock(wanted.book_id)
    book.stock -= wanted.quantity
    line = OrderLine(book=book, quantity=wanted.quantity, unit_price=book.price)
    order.lines.append(line)
    order.total += line.amount


def orders_of(session: Session, customer_id: int) -> Sequence[Order]:
    """What a customer has ordered so far, with the books."""
    return session.scalars(
        select(Order)
        .where(Order.customer_id == customer_id)
        .options(selectinload(Order.lines).joinedload(OrderLine.book))
        .order_by(Order.placed.desc())
    ).all()


def ship_paid_orders(session: Session) -> int:
    """Marks what is paid as shipped; how many orders that are."""
    shipped = session.execute(
        update(Order).where(Order.status == Status.PAID).values(status=Status.SHIPPED)
    )
    session.commit()
    return shipped.rowcount
