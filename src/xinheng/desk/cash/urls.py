"""Addresses of cash."""

from django.urls import path

from xinheng.desk.cash import views

app_name = "cash"
urlpatterns = [
    path("receipts/<int:pk>/take-back/", views.take_receipt_back, name="take-receipt-back"),
    path("instruments/<int:pk>/take-back/", views.take_instrument_back, name="take-instrument-back"),
    path("invoices/<int:pk>/recover/", views.recover, name="recover"),
]
