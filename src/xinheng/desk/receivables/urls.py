"""Addresses of receivables."""

from django.urls import path

from xinheng.desk.receivables import views

app_name = "receivables"
urlpatterns = [
    path("ageing/", views.ageing, name="ageing"),
    path("items/", views.open_items, name="items"),
]
