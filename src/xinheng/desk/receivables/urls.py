"""Addresses of receivables."""

from django.urls import path

from xinheng.desk.receivables import day_views, views

app_name = "receivables"
urlpatterns = [
    path("ageing/", views.ageing, name="ageing"),
    path("items/", views.open_items, name="items"),
    path("documents/<int:pk>/happened/", day_views.happened, name="happened"),
    path("documents/<int:pk>/not-happened/", day_views.not_happened, name="not-happened"),
]
