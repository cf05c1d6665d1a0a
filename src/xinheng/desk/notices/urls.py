"""Addresses of the inbox."""

from django.urls import path

from xinheng.desk.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.Inbox.as_view(), name="inbox"),
    path("seen/", views.seen, name="seen"),
    path("count/", views.count, name="count"),
    path("<id:pk>/", views.open_notice, name="open"),
]
