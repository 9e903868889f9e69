from django.contrib import admin

from shop.models import Author, Book, Customer, Genre, Order, OrderLine, Publisher, Review


class OrderLineInline(admin.TabularInline):
    model = OrderLine
    autocomplete_fields = ["book"]
    extra = 0


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    list_display = ["title", "author", "publisher", "price", "stock"]
    list_select_related = ["author", "publisher"]
    list_filter = ["is_in_print"]
    search_fields = ["title", "author__name"]
    autocomplete_fields = ["author"]


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    search_fields = ["name"]


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["pk", "customer", "status", "placed", "total"]
    list_select_related = ["customer__user"]
    list_filter = ["status"]
    inlines = [OrderLineInline]


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    list_display = ["user", "phone"]
    list_select_related = ["user"]


admin.site.register([Genre, Publisher, Review])
