"""The calendar of working days: published days, make-up days, and a year nobody has published yet."""

from datetime import date

import pytest

from tests import books
from tests.desk import money
from xinheng.base.errors import Refused
from xinheng.base.models import AuditLine
from xinheng.desk.limits import public as limits

pytestmark = pytest.mark.django_db


def test_published_days_off_and_make_up_working_days_are_known(acme):
    calendar = limits.working_calendar()
    assert not calendar.is_working_day(date(2026, 2, 17))  # 春节
    assert calendar.is_working_day(date(2026, 2, 14))  # a Saturday worked for it
    assert not calendar.is_working_day(date(2026, 3, 7))  # an ordinary Saturday
    assert calendar.is_working_day(date(2026, 3, 2))


def test_a_year_that_is_not_announced_yet_is_provisional_until_somebody_enters_it(acme):
    limits.CalendarDay.objects.filter(on__year=2026).delete()
    assert limits.working_calendar().provisional(2026)
    head = books.person("head", "FINANCE_HEAD")
    limits.set_day(date(2026, 10, 1), working=False, name="国庆节", by=head)
    assert limits.working_calendar().provisional(2026), "days off alone are half a calendar"
    limits.set_day(date(2026, 10, 10), working=True, name="调休上班", by=head)
    calendar = limits.working_calendar()
    assert not calendar.provisional(2026)
    assert calendar.is_working_day(date(2026, 10, 10))
    assert not calendar.is_working_day(date(2026, 10, 1))
    first = AuditLine.objects.filter(verb="limits.calendar.set").order_by("id").first()
    assert first.data == {"working": False, "name": "国庆节"}


def test_a_day_somebody_entered_is_not_overwritten_by_the_published_ones(acme):
    head = books.person("head", "FINANCE_HEAD")
    limits.set_day(date(2026, 2, 17), working=True, name="stocktaking", by=head)
    assert limits.install_calendar(2026) == 0
    assert limits.working_calendar().is_working_day(date(2026, 2, 17))


def test_who_may_not_edit_the_calendar_is_refused(acme):
    with pytest.raises(Refused):
        limits.set_day(date(2026, 2, 17), working=True, name="", by=books.person("s", "SALESPERSON"))


@pytest.mark.covers("LM-010")
@pytest.mark.parametrize(
    ("issued_on", "term", "due_on"),
    [
        (date(2026, 1, 18), "30D roll=NEXT", date(2026, 2, 24)),  # 17 February lies in the Spring Festival
        (date(2026, 1, 18), "30D roll=PREVIOUS", date(2026, 2, 14)),  # the make-up Saturday before it
        (date(2026, 1, 18), "30D", date(2026, 2, 17)),  # a term that does not move stays on the holiday
        (date(2026, 2, 5), "30D roll=NEXT", date(2026, 3, 9)),  # a Saturday
    ],
)
def test_a_due_day_moves_over_days_off_only_where_the_term_says_so(acme, issued_on, term, due_on):
    assert money.invoice(acme, "I1", 100_00, issued_on, term=term).due_on == due_on
