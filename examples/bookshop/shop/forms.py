from django import forms

from shop.models import Review


class ReviewForm(forms.ModelForm):
    stars = forms.IntegerField(min_value=1, max_value=5)

    class Meta:
        model = Review
        fields = ["stars", "text"]
