"""Addresses of cash."""

from django.urls import path

from xinheng.desk.cash import entry_views, views

app_name = "cash"
urlpatterns = [
    path("receipts/new/", entry_views.new_receipt, name="new-receipt"),
    path("receipts/<id:pk>/clear/", entry_views.clear_receipt, name="clear-receipt"),
    path("instruments/new/", entry_views.new_instrument, name="new-instrument"),
    path("instruments/<id:pk>/state/", entry_views.instrument_state, name="instrument-state"),
    path("receipts/<id:pk>/take-back/", views.take_receipt_back, name="take-receipt-back"),
    path("instruments/<id:pk>/take-back/", views.take_instrument_back, name="take-instrument-back"),
    path("invoices/<id:pk>/recover/", views.recover, name="recover"),
]
