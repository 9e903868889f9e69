from shop.models import Book


def credit(book):
    return book.title, book.author.name  # error: [lazy-relation-in-loop]


def credits():
    books = Book.objects.order_by("title")
    return [credit(book) for book in books]
