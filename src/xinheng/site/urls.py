"""Addresses of the house: its own pages, then each chapter's rooms."""

from django.urls import include, path

from xinheng.site.pages import customer, document, language, overview, search
from xinheng.site.pages.customers import Customers

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("search/", search.search, name="search"),
    path("language/", language.language, name="language"),
    path("accounts/", include("allauth.account.urls")),
    path("customers/", Customers.as_view(), name="customers"),
    path("customers/<int:pk>/", customer.customer, name="customer"),
    path("customers/<int:pk>/<slug:tab>/", customer.customer, name="customer-tab"),
    path("customers/code/<path:code>", customer.by_code, name="customer-by-code"),
    path("documents/<int:pk>/", document.document, name="document"),
    path("documents/<slug:kind>/<path:number>", document.by_number, name="document-by-number"),
    path("receivables/", include("xinheng.desk.receivables.urls")),
    path("control/", include("xinheng.desk.control.urls")),
]
