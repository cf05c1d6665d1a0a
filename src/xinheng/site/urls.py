"""Addresses of the house: its own pages, then each chapter's rooms.

Of allauth only what this product has: people are entered by the administrator, so nobody signs up, and forgotten
passwords are set anew by the administrator, so no mail is sent.
"""

from allauth.account import views as account
from django.urls import include, path

from xinheng.desk.customers import entry_views, finding
from xinheng.site import api
from xinheng.site.pages import begin, credit_sheet, customer, document, jobs, language, lists, overview, search
from xinheng.site.pages.customers import Customers
from xinheng.site.pages.exports import Exports
from xinheng.site.pages.movements import Movements
from xinheng.site.pages.settings import account as account_pages

handler404 = "xinheng.site.errors.missing"
handler500 = "xinheng.site.errors.broken"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("movements/", Movements.as_view(), name="movements"),
    path("search/", search.search, name="search"),
    path("lists/views/", lists.save_view, name="views"),
    path("lists/views/<id:pk>/drop/", lists.drop_view, name="view-drop"),
    path("lists/columns/", lists.choose_columns, name="columns"),
    path("begin/", begin.begin, name="begin"),
    path("large-unit/", language.large_unit, name="large-unit"),
    path("language/", language.language, name="language"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/closed/", account.signup, name="account_signup"),
    path("customers/", Customers.as_view(), name="customers"),
    path("customers/find/", finding.find, name="customer-find"),
    path("customers/new/", entry_views.new, name="new-customer"),
    path("customers/<id:pk>/change/", entry_views.change, name="change-customer"),
    path("customers/<id:pk>/", customer.customer, name="customer"),
    path("customers/<id:pk>/credit-sheet/", credit_sheet.credit_sheet, name="credit-sheet"),
    path("customers/<id:pk>/<slug:tab>/", customer.customer, name="customer-tab"),
    path("customers/code/<path:code>", customer.by_code, name="customer-by-code"),
    path("documents/<id:pk>/", document.document, name="document"),
    path("documents/<slug:kind>/<path:number>", document.by_number, name="document-by-number"),
    path("settings/jobs/", jobs.Jobs.as_view(), name="jobs"),
    path("settings/jobs/<id:pk>/", jobs.job, name="job"),
    path("settings/jobs/<id:pk>/stop/", jobs.stop, name="job-stop"),
    path("settings/jobs/<id:pk>/again/", jobs.again, name="job-again"),
    path("settings/jobs/<id:pk>/file/", jobs.file, name="job-file"),
    path("settings/exports/", Exports.as_view(), name="exports"),
    path("account/tokens/", account_pages.tokens, name="account-tokens"),
    path("account/tokens/new/", account_pages.new_token, name="account-token-new"),
    path("account/tokens/<id:pk>/end/", account_pages.end_token, name="account-token-end"),
    path("account/sessions/", account_pages.sessions, name="account-sessions"),
    path("account/sessions/<id:pk>/end/", account_pages.end_session, name="account-session-end"),
    path("settings/", include("xinheng.site.pages.settings.urls")),
    path("settings/policy/", include("xinheng.site.pages.policy.urls")),
    path("api/v1/", api.addresses()),
    path("inbox/", include("xinheng.desk.notices.urls")),
    path("limits/", include("xinheng.desk.limits.urls")),
    path("goods/", include("xinheng.desk.sales.urls")),
    path("receivables/", include("xinheng.desk.receivables.urls")),
    path("cash/", include("xinheng.desk.cash.urls")),
    path("control/", include("xinheng.desk.control.urls")),
    path("settings/imports/", include("xinheng.exchange.urls")),
]
