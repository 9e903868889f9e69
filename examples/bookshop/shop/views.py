"""The pages of the shop."""

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import login_required
from django.db.models import Avg, Prefetch
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import DetailView, ListView

from shop import reports
from shop.forms import ReviewForm
from shop.models import Author, Book, Customer, Genre, Order, OrderLine, Review


class Catalogue(ListView):
    """All books in print, a page at a time."""

    template_name = "shop/catalogue.html"
    context_object_name = "books"
    paginate_by = 20

    def get_queryset(self):
        books = Book.objects.for_listing().order_by("title")
        if country := self.request.GET.get("country"):
            books = books.filter(publisher__country=country)
        return books


class BookPage(DetailView):
    """One book with its reviews."""

    queryset = Book.objects.select_related("author", "publisher")
    template_name = "shop/book.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        reviews = self.object.reviews.select_related("customer__user")
        context["reviews"] = [
            {"by": str(review.customer), "stars": review.stars, "text": review.text}
            for review in reviews[:50]
        ]
        context["average"] = self.object.reviews.aggregate(stars=Avg("stars"))["stars"]
        context["genres"] = self.object.genres.all()
        context["form"] = ReviewForm()
        return context


@login_required
def write_review(request, pk):
    book = get_object_or_404(Book, pk=pk)
    form = ReviewForm(request.POST)
    if form.is_valid():
        form.instance.book = book
        form.instance.customer = get_object_or_404(Customer, user=request.user)
        form.save()
    return redirect("shop:book", pk=book.pk)


def authors(request):
    """Every author with what can be bought of them."""
    rows = []
    for author in Author.objects.prefetch_related("books").order_by("name"):
        rows.append(
            {
                "name": author.name,
                "books": list(author.books.filter(is_in_print=True)),
                "written": len(author.books.all()),
            }
        )
    return render(request, "shop/authors.html", {"authors": rows})


def genre_page(request, name):
    """The books of one genre."""
    genre = get_object_or_404(Genre, name=name)
    books = genre.books.for_listing().order_by("title")
    message = "" if books.count() else "Nothing here yet."
    shelves = {}
    for book in books:
        shelves.setdefault(book.author.name, []).append(book)
    return render(
        request, "shop/genre.html", {"genre": genre, "shelves": shelves, "message": message}
    )


def new_arrivals(request):
    """The latest books, for the shop's window on other sites."""
    books = Book.objects.in_print().select_related("author").order_by("-published")
    window = [
        {
            "title": book.title,
            "author": book.author.name,
            "publisher": book.publisher.name,
            "price": str(book.price),
            "about": book.summary[:200],
        }
        for book in books[:30]
    ]
    return JsonResponse({"books": window})


@login_required
def order_history(request):
    """What a customer has ordered so far."""
    customer = get_object_or_404(Customer, user=request.user)
    lines = OrderLine.objects.select_related("book__author")
    orders = [
        {
            "placed": order.placed,
            "status": order.get_status_display(),
            "note": order.note,
            "total": sum(line.amount for line in order.lines.all()),
            "titles": [line.book.label for line in order.lines.all()],
        }
        for order in customer.orders.prefetch_related(Prefetch("lines", queryset=lines))
    ]
    reviews = [
        {"stars": review.stars, "text": review.text, "book": reverse("shop:book", args=[review.book.pk])}
        for review in customer.reviews.all()
    ]
    return render(request, "shop/orders.html", {"orders": orders, "reviews": reviews})


@staff_member_required
def dashboard(request):
    """Figures for those who run the shop."""
    orders = Order.objects.all()
    context = {
        "open": orders.filter(status=Order.Status.OPEN).count(),
        "paid": orders.filter(status=Order.Status.PAID).count(),
        "shipped": orders.filter(status=Order.Status.SHIPPED).count(),
        "reviews": Review.objects.count(),
        "revenue": reports.revenue(),
        "publishers": reports.stock_by_publisher(),
        "best": reports.best_sellers(),
    }
    return render(request, "shop/dashboard.html", context)
