from django.db import models, transaction


class Author(models.Model):
    name = models.TextField()
    books = models.ManyToManyField("self", through="Book", related_name="%(class)s_set")


class Book(models.Model):
    author = models.ForeignKey(Author, models.CASCADE, related_name="+")

    @property
    def label(self):
        return self.author.name

    class Meta:
        abstract = False
        ordering = ["-author"]
        unique_together = [("author",)]


def walk(request, queryset):
    with transaction.atomic():
        for author in Author.objects.filter(name="x").prefetch_related("books")[:5]:
            for book in author.books.all():
                book.label
                book.save()
                Book.objects.create(author=book.author)
    return sum(book.author_id for book in Book.objects.only("id")), walk(request, None)


class View:
    queryset = Book.objects.all()

    def get(self):
        return [b.author for b in self.queryset]  # querylint: ignore[loops] known
