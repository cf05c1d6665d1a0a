"""Addresses of settings."""

from django.urls import path

from xinheng.site.pages.settings import (
    account,
    audit,
    calendar,
    chains,
    months,
    opening,
    people,
    person,
    places,
    rates,
    roles,
    terms,
)

app_name = "settings"

urlpatterns = [
    path("", opening.opening, name="opening"),
    path("people/", people.People.as_view(), name="people"),
    path("people/new/", person.new, name="person-new"),
    path("people/<id:pk>/", person.person, name="person"),
    path("people/<id:pk>/change/", person.change, name="person-change"),
    path("people/<id:pk>/password/", person.password, name="person-password"),
    path("people/<id:pk>/sign-out/", person.sign_out, name="person-sign-out"),
    path("people/<id:pk>/shut-out/", person.shut_out, name="person-out"),
    path("people/<id:pk>/let-in/", person.let_in, name="person-in"),
    path("roles/", roles.roles, name="roles"),
    path("tokens/", account.Tokens.as_view(), name="tokens"),
    path("audit/", audit.Audit.as_view(), name="audit"),
    path("audit/chains/", chains.chains, name="chains"),
    path("audit/chains/<str:stream>/check/", chains.check, name="chain-check"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/day/", calendar.set_day, name="calendar-day"),
    path("places/", places.index, name="places"),
    path("places/entities/new/", places.new_entity, name="entity-new"),
    path("places/entities/<id:pk>/rename/", places.rename_entity, name="entity-rename"),
    path("places/branches/new/", places.new_branch, name="branch-new"),
    path("places/branches/<id:pk>/rename/", places.rename_branch, name="branch-rename"),
    path("rates/", rates.Rates.as_view(), name="rates"),
    path("rates/new/", rates.new, name="rate-new"),
    path("rates/<slug:source>/<slug:target>/", rates.Course.as_view(), name="rate"),
    path("terms/", terms.terms, name="terms"),
    path("months/", months.months, name="months"),
    path("months/<id:pk>/", months.month, name="month"),
    path("months/of/<path:code>/close/", months.close, name="month-close"),
    path("months/of/<path:code>/reopen/", months.reopen, name="month-reopen"),
]
