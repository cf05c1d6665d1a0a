"""Addresses of goods."""

from django.urls import path

from xinheng.desk.sales import entry_views

app_name = "sales"
urlpatterns = [
    path("deliveries/new/", entry_views.new_delivery, name="new-delivery"),
    path("deliveries/<id:pk>/return/", entry_views.new_return, name="new-return"),
]
