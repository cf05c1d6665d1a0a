"""The schedule: jobs that come by themselves once every business day, however many workers there are."""

from datetime import date, time
from zoneinfo import ZoneInfo

from xinheng.base import audit, clock
from xinheng.base.database import atomic
from xinheng.base.models import Job, Schedule, User

#: code, kind and time of day of what ships.
SHIPPED = (("begin-day", "begin-day", time(0, 0)), ("sweep", "sweep", time(0, 0)))


def install_shipped() -> None:
    """What ships, where it is not there yet; what people changed stays as it is."""
    for code, kind, at in SHIPPED:
        Schedule.objects.get_or_create(code=code, defaults={"kind": kind, "at": at})


def bring(owner: User) -> None:
    """Ask for what is due today and was not asked for yet; the key lets only one of several workers do it."""
    now = clock.now()
    today = clock.business_date()
    local = now.astimezone(ZoneInfo(clock.company().time_zone)).time()
    due = {f"{one.code}:{today}": one for one in Schedule.objects.filter(is_on=True, at__lte=local)}
    known = set(Job.objects.filter(key__in=due).values_list("key", flat=True))
    for key, one in due.items():
        if key not in known:
            _ask(key, one, today, owner)


def _ask(key: str, one: Schedule, today: date, owner: User) -> None:
    arguments, now = {"on": today.isoformat()}, clock.now()
    asked = {"kind": one.kind, "by": owner, "arguments": arguments, "recorded_at": now, "not_before": now}
    with atomic():
        job, is_new = Job.objects.get_or_create(key=key, defaults=asked)
        if is_new:
            data = {"kind": one.kind, "arguments": arguments, "schedule": one.code}
            audit.record("jobs", "base.job.scheduled", f"job:{job.pk}", by=owner, data=data)
