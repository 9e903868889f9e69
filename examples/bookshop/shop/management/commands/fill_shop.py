import datetime
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction

from shop.models import Author, Book, Customer, Genre, Order, OrderLine, Publisher, Review

GENRES = ["Crime", "History", "Poetry", "Science", "Travel"]
COUNTRIES = ["DE", "FR", "GB"]


class Command(BaseCommand):
    help = "Fills an empty shop with books, customers and orders that are made up."

    def add_arguments(self, parser):
        parser.add_argument("--books", type=int, default=200)

    @transaction.atomic
    def handle(self, *args, **options):
        books = self.add_books(options["books"])
        customers = self.add_customers(len(books) // 10 + 1)
        self.add_orders(books, customers)
        self.stdout.write(f"{len(books)} books, {len(customers)} customers")

    def add_books(self, count):
        genres = Genre.objects.bulk_create(Genre(name=name) for name in GENRES)
        publishers = Publisher.objects.bulk_create(
            Publisher(name=f"Publisher {country}", country=country) for country in COUNTRIES
        )
        authors = Author.objects.bulk_create(
            Author(name=f"Author {number}") for number in range(1, count // 5 + 2)
        )
        first_day = datetime.date(2020, 1, 1)
        books = Book.objects.bulk_create(
            Book(
                title=f"Book {number}",
                summary=f"What happens in book {number}.",
                price=Decimal(number % 40) + Decimal("5.99"),
                stock=number % 7,
                published=first_day + datetime.timedelta(days=number),
                is_in_print=number % 9 != 0,
                author=authors[number % len(authors)],
                publisher=publishers[number % len(publishers)],
            )
            for number in range(count)
        )
        links = Book.genres.through
        links.objects.bulk_create(
            links(book=book, genre=genres[number % len(genres)])
            for number, book in enumerate(books)
        )
        return books

    def add_customers(self, count):
        users = get_user_model().objects.bulk_create(
            get_user_model()(username=f"reader{number}", first_name="Reader", last_name=f"{number}")
            for number in range(count)
        )
        return Customer.objects.bulk_create(Customer(user=user) for user in users)

    def add_orders(self, books, customers):
        statuses = Order.Status.values
        orders = Order.objects.bulk_create(
            Order(
                customer=customers[number % len(customers)],
                status=statuses[number % len(statuses)],
                total=book.price * 2,
            )
            for number, book in enumerate(books)
        )
        OrderLine.objects.bulk_create(
            OrderLine(order=order, book=book, quantity=2, unit_price=book.price)
            for order, book in zip(orders, books, strict=True)
        )
        Review.objects.bulk_create(
            Review(book=book, customer=order.customer, stars=book.stock % 5 + 1, text="Well read.")
            for order, book in zip(orders, books, strict=True)
        )
