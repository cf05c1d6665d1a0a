"""Addresses of receivables."""

from django.urls import path

from xinheng.desk.receivables import allocate_views, credit_note_entry, day_views, debt_views, views

app_name = "receivables"
urlpatterns = [
    path("ageing/", views.ageing, name="ageing"),
    path("items/", views.open_items, name="items"),
    path("credit-notes/new/", credit_note_entry.new, name="new-credit-note"),
    path("documents/<id:pk>/happened/", day_views.happened, name="happened"),
    path("documents/<id:pk>/not-happened/", day_views.not_happened, name="not-happened"),
    path("documents/<id:pk>/allocate/", allocate_views.allocate, name="allocate"),
    path("documents/<id:pk>/allocate/exact/", allocate_views.allocate_exact, name="allocate-exact"),
    path("allocations/<id:pk>/undo/", allocate_views.undo, name="undo-allocation"),
    path("documents/<id:pk>/write-off/", debt_views.write_off, name="write-off"),
    path("documents/<id:pk>/undo-write-off/", debt_views.undo_write_off, name="undo-write-off"),
    path("documents/<id:pk>/take-back/", debt_views.take_back, name="take-back"),
]
