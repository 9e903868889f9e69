from django.db import transaction
from shop.models import Author, Book


def listing():
    books = Book.objects.all()
    return ["⟨😀⟩ " + book.title + book.author.name for book in books]


def labels():
    return [book.label for book in Book.objects.filter(title="ä")]


@transaction.atomic
def rename(names):
    for author in Author.objects.all():
        author.name = names[author.pk]
        author.save()


def quiet():
    for author in Author.objects.all():
        author.delete()  # querylint: ignore[delete-in-loop] signals must run


def of_a_rule_that_is_off():
    return Author.objects.first()  # querylint: ignore[python-work]


def stale():
    return Author.objects.count()  # querylint: ignore
