"""Figures on what the shop sells."""

from django.db.models import Count, F, Sum

from shop.models import Author, Book, Genre, Order, OrderLine, Publisher


def revenue():
    """What all paid orders come to."""
    paid = Order.objects.filter(status__in=[Order.Status.PAID, Order.Status.SHIPPED])
    return sum(order.total for order in paid)


def revenue_by_country():
    """What was sold of the publishers of each country."""
    amount = Sum(F("quantity") * F("unit_price"))
    rows = OrderLine.objects.values("book__publisher__country").annotate(amount=amount)
    return {row["book__publisher__country"]: row["amount"] for row in rows}


def stock_by_publisher():
    """How many copies of each publisher's books lie in the shop."""
    stock = {}
    for publisher in Publisher.objects.order_by("name"):
        books = publisher.books.filter(is_in_print=True)
        stock[publisher.name] = books.aggregate(copies=Sum("stock"))["copies"] or 0
    return stock


def best_sellers():
    """The ten books that sold best, with the number of their reviews."""
    books = Book.objects.annotate(sold=Sum("lines__quantity"), review_count=Count("reviews"))
    return books.select_related("author").order_by("-sold")[:10]


def books_per_genre():
    return {
        genre.name: genre.book_count for genre in Genre.objects.annotate(book_count=Count("books"))
    }


def authors_without_books():
    return list(Author.objects.filter(books__isnull=True).values_list("name", flat=True))


def titles_to_reorder(limit=3):
    """The titles on the list that goes to the wholesaler."""
    books = Book.objects.filter(stock__lt=limit).order_by("title")
    return [book.title for book in books]


def open_orders():
    """Who waits for how much: one line per open order."""
    orders = Order.objects.filter(status=Order.Status.OPEN).select_related("customer")
    return [f"{order.customer}: {order.total} {order.note}" for order in orders]
