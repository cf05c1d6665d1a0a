"""Addresses of cash."""

from django.urls import path

from xinheng.desk.cash import views

app_name = "cash"
urlpatterns = [
    path("receipts/<id:pk>/take-back/", views.take_receipt_back, name="take-receipt-back"),
    path("instruments/<id:pk>/take-back/", views.take_instrument_back, name="take-instrument-back"),
    path("invoices/<id:pk>/recover/", views.recover, name="recover"),
]
