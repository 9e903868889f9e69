import csv

from django.core.management.base import BaseCommand

from shop.models import Book


class Command(BaseCommand):
    help = "Writes the catalogue as CSV, without the long summaries."

    def handle(self, *args, **options):
        books = Book.objects.select_related("author").only("title", "price", "author__name")
        writer = csv.writer(self.stdout)
        writer.writerow(["title", "author", "price", "stock"])
        for book in books.order_by("title"):
            writer.writerow([book.title, book.author.name, book.price, book.stock])
