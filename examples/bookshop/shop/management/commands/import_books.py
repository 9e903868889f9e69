import csv
from pathlib import Path

from django.core.management.base import BaseCommand

from shop.models import Author, Book, Publisher


class Command(BaseCommand):
    help = "Adds the books of a wholesaler's list: title, author, price and date of publication."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--publisher", default="Unknown")

    def handle(self, *args, **options):
        publisher, _ = Publisher.objects.get_or_create(
            name=options["publisher"], defaults={"country": "DE"}
        )
        with options["file"].open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        authors = self.authors_of(rows)
        for row in rows:
            Book.objects.create(
                title=row["title"],
                price=row["price"],
                published=row["published"],
                author=authors[row["author"]],
                publisher=publisher,
            )
        self.stdout.write(f"{len(rows)} books")

    def authors_of(self, rows):
        """The authors by their names; those the shop does not know yet are added."""
        names = {row["author"] for row in rows}
        known = set(Author.objects.filter(name__in=names).values_list("name", flat=True))
        Author.objects.bulk_create(Author(name=name) for name in sorted(names - known))
        return {author.name: author for author in Author.objects.filter(name__in=names)}
