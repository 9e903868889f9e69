from decimal import Decimal

from django.core.management.base import BaseCommand
from django.db import transaction

from shop.models import Book


class Command(BaseCommand):
    help = "Raises the prices of a country's publishers, and rounds them to 9 cents."

    def add_arguments(self, parser):
        parser.add_argument("--country", default="DE")
        parser.add_argument("--percent", type=int, default=5)

    def handle(self, *args, **options):
        factor = 1 + Decimal(options["percent"]) / 100
        with transaction.atomic():
            books = Book.objects.filter(publisher__country=options["country"])
            for book in books:
                book.price = round(book.price * factor, 1) + Decimal("0.09")
                book.save()
        self.stdout.write("done")
