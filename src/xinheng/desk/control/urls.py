"""Addresses of control."""

from django.urls import path

from xinheng.desk.control import breach_views, invoice_entry, lists, order_deeds, order_entry, shadow_views, views

app_name = "control"
urlpatterns = [
    path("held/", lists.HeldOrders.as_view(), name="held"),
    path("held/many/", views.many, name="many"),
    path("orders/", lists.Orders.as_view(), name="orders"),
    path("orders/new/", order_entry.new, name="new-order"),
    path("orders/new/several/", order_entry.several, name="several-orders"),
    path("orders/<id:pk>/", views.order, name="order"),
    path("orders/<id:pk>/peek/", views.peek, name="peek"),
    path("orders/<id:pk>/verdict/", views.verdict, name="verdict"),
    path("orders/<id:pk>/check/", views.check, name="check"),
    path("orders/<id:pk>/change/", order_deeds.change, name="change-order"),
    path("orders/<id:pk>/close/", order_deeds.close, name="close-order"),
    path("orders/<id:pk>/reopen/", order_deeds.reopen, name="reopen-order"),
    path("orders/<id:pk>/stop/", order_deeds.stop, name="stop-order"),
    path("orders/<id:pk>/lift-stop/", order_deeds.let_be_judged, name="lift-stop"),
    path("orders/<id:pk>/shipping-order/", order_deeds.let_go, name="let-go"),
    path("orders/<id:pk>/ship/", order_deeds.ship, name="ship-order"),
    path("orders/number/<path:number>", views.by_number, name="by-number"),
    path("invoices/new/", invoice_entry.new, name="new-invoice"),
    path("breaches/", breach_views.Breaches.as_view(), name="breaches"),
    path("breaches/<id:pk>/", breach_views.breach, name="breach"),
    path("shadow/", shadow_views.ShadowOrders.as_view(), name="shadow"),
    path("unlinked/", lists.Unlinked.as_view(), name="unlinked"),
    path("unreleased/", lists.Unreleased.as_view(), name="unreleased"),
]
