"""What the service answers, and what it takes."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from shop.models import Status


class Answer(BaseModel):
    """An answer that can be made from a row."""

    model_config = ConfigDict(from_attributes=True)


class AuthorOut(Answer):
    id: int
    name: str


class PublisherOut(Answer):
    id: int
    name: str
    country: str


class BookOut(Answer):
    id: int
    title: str
    price: Decimal
    published: date
    author: AuthorOut
    publisher: PublisherOut


class ReviewOut(BaseModel):
    by: str
    stars: int
    text: str
    created: datetime


class ReviewIn(BaseModel):
    customer_id: int
    stars: int = Field(ge=1, le=5)
    text: str = ""


class LineIn(BaseModel):
    book_id: int
    quantity: int = Field(default=1, ge=1)


class OrderIn(BaseModel):
    customer_id: int
    lines: list[LineIn]
    note: str = ""


class OrderOut(BaseModel):
    id: int
    placed: datetime
    status: Status
    total: Decimal
    titles: list[str]


class GenreOut(BaseModel):
    name: str
    message: str
    books: list[BookOut]
