"""The service's routes."""

from fastapi import FastAPI, HTTPException

from shop import catalogue, orders, reports
from shop.database import SessionDep
from shop.models import Book, Customer, Review
from shop.schemas import BookOut, GenreOut, OrderIn, OrderOut, ReviewIn, ReviewOut

app = FastAPI(title="Bookshop")


@app.get("/books", response_model=list[BookOut])
def list_books(session: SessionDep, country: str | None = None, page: int = 0):
    return catalogue.books_in_print(session, country, page)


@app.get("/books/new")
def list_new_arrivals(session: SessionDep) -> list[dict[str, str]]:
    return catalogue.new_arrivals(session)


@app.get("/books/{book_id}", response_model=BookOut)
def show_book(book_id: int, session: SessionDep):
    return find_book(session, book_id)


@app.get("/books/{book_id}/reviews")
def list_reviews(book_id: int, session: SessionDep) -> list[ReviewOut]:
    """What customers say about a book."""
    book = find_book(session, book_id)
    return [
        ReviewOut(
            by=review.customer.user.full_name,
            stars=review.stars,
            text=review.text,
            created=review.created,
        )
        for review in catalogue.reviews_of(session, book)
    ]


@app.post("/books/{book_id}/reviews", status_code=201)
def write_review(book_id: int, review: ReviewIn, session: SessionDep) -> None:
    find_book(session, book_id)
    if session.get(Customer, review.customer_id) is None:
        raise HTTPException(422, "there is no such customer")
    session.add(Review(book_id=book_id, **review.model_dump()))
    session.commit()


@app.get("/genres/{name}", response_model=GenreOut)
def show_genre(name: str, session: SessionDep):
    books, message = catalogue.books_of_genre(session, name)
    return {"name": name, "message": message, "books": books}


@app.post("/orders", status_code=201)
def place_order(wanted: OrderIn, session: SessionDep) -> dict[str, int]:
    try:
        order = orders.place_order(session, wanted)
    except orders.OutOfStock as error:
        raise HTTPException(409, f"book {error} is out of stock") from error
    return {"id": order.id}


@app.get("/customers/{customer_id}/orders")
def list_orders(customer_id: int, session: SessionDep) -> list[OrderOut]:
    return [
        OrderOut(
            id=order.id,
            placed=order.placed,
            status=order.status,
            total=order.total,
            titles=[line.book.title for line in order.lines],
        )
        for order in orders.orders_of(session, customer_id)
    ]


@app.get("/figures")
def show_figures(session: SessionDep) -> dict[str, object]:
    """Figures for those who run the shop."""
    return {
        "revenue": reports.revenue(session),
        "countries": reports.revenue_by_country(session),
        "stock": reports.stock_by_publisher(session),
        "best": [book.label for book in reports.best_sellers(session)],
    }


def find_book(session: SessionDep, book_id: int) -> Book:
    book = session.get(Book, book_id)
    if book is None:
        raise HTTPException(404, "there is no such book")
    return book
