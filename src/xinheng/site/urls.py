"""Addresses of the house: its own pages, then each chapter's rooms."""

from django.urls import include, path

from xinheng.site.pages import language, overview, search
from xinheng.site.pages.customers import Customers

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("search/", search.search, name="search"),
    path("language/", language.language, name="language"),
    path("accounts/", include("allauth.account.urls")),
    path("control/", include("xinheng.desk.control.urls")),
    path("customers/", Customers.as_view(), name="customers"),
]
