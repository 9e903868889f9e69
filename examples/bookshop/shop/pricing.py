from decimal import Decimal

from django.db import transaction

from shop.models import Book


@transaction.atomic
def raise_prices(country, percent):
    """Raises the prices of a country's publishers, and rounds them to 9 cents."""
    factor = 1 + Decimal(percent) / 100
    books = Book.objects.filter(publisher__country=country)
    for book in books:
        book.price = round(book.price * factor, 1) + Decimal("0.09")
        book.save()
