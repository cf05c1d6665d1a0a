"""Addresses of control."""

from django.urls import path

from xinheng.desk.control import breach_views, lists, shadow_views, views

app_name = "control"
urlpatterns = [
    path("held/", lists.HeldOrders.as_view(), name="held"),
    path("held/many/", views.many, name="many"),
    path("orders/", lists.Orders.as_view(), name="orders"),
    path("orders/<id:pk>/", views.order, name="order"),
    path("orders/<id:pk>/peek/", views.peek, name="peek"),
    path("orders/<id:pk>/verdict/", views.verdict, name="verdict"),
    path("orders/<id:pk>/check/", views.check, name="check"),
    path("orders/number/<path:number>", views.by_number, name="by-number"),
    path("breaches/", breach_views.Breaches.as_view(), name="breaches"),
    path("breaches/<id:pk>/", breach_views.breach, name="breach"),
    path("shadow/", shadow_views.ShadowOrders.as_view(), name="shadow"),
    path("unlinked/", lists.Unlinked.as_view(), name="unlinked"),
    path("unreleased/", lists.Unreleased.as_view(), name="unreleased"),
]
