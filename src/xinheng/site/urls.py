"""Addresses of the house: its own pages, then each chapter's rooms.

Of allauth only what this product has: people are entered by the administrator, so nobody signs up, and forgotten
passwords are set anew by the administrator, so no mail is sent.
"""

from allauth.account import views as account
from django.urls import include, path

from xinheng.site import api
from xinheng.site.pages import credit_sheet, customer, document, language, overview, search
from xinheng.site.pages.customers import Customers
from xinheng.site.pages.movements import Movements

handler404 = "xinheng.site.errors.missing"
handler500 = "xinheng.site.errors.broken"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("movements/", Movements.as_view(), name="movements"),
    path("search/", search.search, name="search"),
    path("language/", language.language, name="language"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/closed/", account.signup, name="account_signup"),
    path("customers/", Customers.as_view(), name="customers"),
    path("customers/<id:pk>/", customer.customer, name="customer"),
    path("customers/<id:pk>/credit-sheet/", credit_sheet.credit_sheet, name="credit-sheet"),
    path("customers/<id:pk>/<slug:tab>/", customer.customer, name="customer-tab"),
    path("customers/code/<path:code>", customer.by_code, name="customer-by-code"),
    path("documents/<id:pk>/", document.document, name="document"),
    path("documents/<slug:kind>/<path:number>", document.by_number, name="document-by-number"),
    path("api/v1/", api.addresses()),
    path("inbox/", include("xinheng.desk.notices.urls")),
    path("receivables/", include("xinheng.desk.receivables.urls")),
    path("cash/", include("xinheng.desk.cash.urls")),
    path("control/", include("xinheng.desk.control.urls")),
]
