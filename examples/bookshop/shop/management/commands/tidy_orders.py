from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from shop.models import Order

BATCH = 500


class Command(BaseCommand):
    help = "Deletes orders that nobody paid within a month, a batch at a time."

    def handle(self, *args, **options):
        month_ago = timezone.now() - timedelta(days=30)
        stale = Order.objects.filter(status=Order.Status.OPEN, placed__lt=month_ago)
        while keys := list(stale.values_list("pk", flat=True)[:BATCH]):
            Order.objects.filter(pk__in=keys).delete()
            self.stdout.write(f"{len(keys)} orders deleted")
