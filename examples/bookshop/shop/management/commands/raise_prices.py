from django.core.management.base import BaseCommand

from shop.pricing import raise_prices


class Command(BaseCommand):
    help = "Raises the prices of a country's publishers."

    def add_arguments(self, parser):
        parser.add_argument("--country", default="DE")
        parser.add_argument("--percent", type=int, default=5)

    def handle(self, *args, **options):
        raise_prices(options["country"], options["percent"])
        self.stdout.write("done")
