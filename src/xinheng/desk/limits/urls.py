"""Addresses of lines and holds."""

from django.urls import path

from xinheng.desk.limits import line_views

app_name = "limits"
urlpatterns = [
    path("customers/<id:pk>/line/", line_views.customer_line, name="customer-line"),
    path("groups/<id:pk>/line/", line_views.group_line, name="group-line"),
    path("lines/<id:pk>/withdraw/", line_views.withdraw, name="withdraw-line"),
    path("customers/<id:pk>/hold/", line_views.customer_hold, name="customer-hold"),
    path("groups/<id:pk>/hold/", line_views.group_hold, name="group-hold"),
    path("holds/<id:pk>/lift/", line_views.lift, name="lift-hold"),
]
