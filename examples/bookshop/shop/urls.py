from django.urls import path

from shop import views

app_name = "shop"

urlpatterns = [
    path("", views.Catalogue.as_view(), name="catalogue"),
    path("books/<int:pk>/", views.BookPage.as_view(), name="book"),
    path("books/<int:pk>/review/", views.write_review, name="write-review"),
    path("authors/", views.authors, name="authors"),
    path("genres/<str:name>/", views.genre_page, name="genre"),
    path("new.json", views.new_arrivals, name="new-arrivals"),
    path("orders/", views.order_history, name="orders"),
    path("dashboard/", views.dashboard, name="dashboard"),
]
