"""What the page of a file on its way shows: the answer in a sentence, counts, money, bad rows with their cells."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinheng.base import formats, rights
from xinheng.base.messages import text
from xinheng.base.models import AuditLine, Job, User
from xinheng.base.templatetags.house import chip
from xinheng.exchange import headings
from xinheng.exchange.models import Upload
from xinheng.exchange.pages.describing import DescribeForm, kind_choices, saved_for
from xinheng.exchange.pages.lists import kind_name
from xinheng.exchange.pages.words import STAGES, VERBS
from xinheng.exchange.uploads import queries, store
from xinheng.exchange.uploads.looking import SHOWN

_TONES = {Upload.State.OPEN: "watch", Upload.State.LOOKED: "normal", Upload.State.GIVEN_UP: "closed"}


def may_check(by: User) -> bool:
    """Whether the person may have orders checked."""
    return rights.may(by, "orders.check")


def context(upload: Upload, by: User) -> dict[str, Any]:
    """Everything the page needs."""
    busy = queries.is_busy(upload)
    found = upload.found if not busy else None
    allowed = queries.kinds_for(by)
    return {
        "active": "settings:opening",
        "upload": upload,
        "kind": kind_name(upload.kind),
        "chip": chip(_("being worked on"), "watch") if busy else chip(upload.get_state_display(), _TONES[upload.state]),
        "busy": busy,
        "closed": upload.state == Upload.State.GIVEN_UP,
        "work": work(upload),
        "failed": failed(upload),
        "sentence": sentence(upload, busy=busy),
        "found": found,
        "rows": bad_rows(upload) if found else [],
        "used": used_headings(upload),
        "warnings": remarks(found["warnings"]) if found else [],
        "more_bad": max(0, found["bad"] - SHOWN) if found else 0,
        "lands": found["new"] + found["updated"] if found else 0,
        "form": DescribeForm(upload, may_check=may_check(by)),
        "kind_choices": kind_choices(upload, allowed),
        "saved": saved_for(upload),
        "has_rejects": bool(found and found["bad"]) and store.rejects_of(upload.pk).exists(),
        "corrections": list(upload.corrections.select_related("by").order_by("-id")[:SHOWN]),
        "trail": trail(f"upload:{upload.pk}"),
    }


def work(upload: Upload) -> dict[str, Any] | None:
    """What the worker is at, and the share that is done in percent."""
    job = upload.job
    if job is None:
        return None
    percent = round(100 * job.done / job.of) if job.of else None
    stage = STAGES.get(job.stage if job.state == Job.State.RUNNING else "", STAGES["reading"])
    return {"stage": stage, "percent": percent, "stopping": job.stop_asked}


def failed(upload: Upload) -> str:
    """Why the last work came to nothing; '' where it did not."""
    job = upload.job
    if job is None or upload.batch_id:
        return ""
    if job.state == Job.State.STOPPED:
        return _("It was stopped. Nothing was written.")
    if job.state == Job.State.FAILED:
        return text(job.error, job.error_params)
    return ""


def sentence(upload: Upload, *, busy: bool) -> str:
    """What a person would say about the file."""
    if busy:
        return _("A worker has it. You may leave this page and come back.")
    if upload.state == Upload.State.GIVEN_UP:
        return _("It was given up; nothing of it is in the books.")
    found = upload.found
    if not found:
        return _("It has not been looked at yet. Say what the columns are, then look.")
    lands, bad = found["new"] + found["updated"], found["bad"]
    if bad:
        said = ngettext("%(count)s row is wrong", "%(count)s rows are wrong", bad) % {"count": formats.count(bad)}
        if not lands:
            return said + _("; no other row would land.")
        more = ngettext("; %(count)s other would land.", "; %(count)s others would land.", lands)
        return said + more % {"count": f"{lands:,}"}
    if not lands:
        return _("Everything in it is in the books already; there is nothing to bring in.")
    return ngettext(
        "All is well: %(count)s row will land.", "All is well: %(count)s rows will land.", lands
    ) % {"count": f"{lands:,}"}  # fmt: skip


def remarks(kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Remarks with their sentences."""
    return [{**one, "said": text(one["code"], one["params"])} for one in kept]


def bad_rows(upload: Upload) -> list[dict[str, Any]]:
    """The bad rows: each cell that is used, those with a mistake marked; and the sentences."""
    names, found = upload.table["headings"], upload.found
    places = _used(upload)
    wrong: dict[int, list[dict[str, Any]]] = {}
    for one in remarks(found["errors"]):
        wrong.setdefault(one["line"], []).append(one)
    rows = []
    for line, cells in found["bad_rows"]:
        errors = wrong.get(line, [])
        marked = {one["column"] for one in errors}
        shown = [
            {"place": place, "heading": names[place], "value": cells[place], "bad": names[place] in marked}
            for place in places
        ] if cells is not None else []  # fmt: skip
        rows.append({"line": line, "cells": shown, "errors": errors, "whole": cells is not None})
    return rows


def one_row(upload: Upload, line: int) -> dict[str, Any] | None:
    """One of them, with all its cells."""
    rows = bad_rows(upload) if upload.found else []
    return next((row for row in rows if row["line"] == line and row["whole"]), None)


def used_headings(upload: Upload) -> list[str]:
    """The headings of the columns that are read, in the order of the file."""
    return [upload.table["headings"][place] for place in _used(upload)]


def _used(upload: Upload) -> list[int]:
    names = upload.table["headings"]
    mapping = {**headings.proposed(upload.kind, names), **upload.options.get("mapping", {})}
    wanted = set(mapping.values())
    return [place for place, heading in enumerate(names) if heading in wanted]


def trail(*subjects: str) -> list[dict[str, Any]]:
    """What people did with it, the newest first, from the audit trail."""
    lines = AuditLine.objects.filter(subject__in=subjects).select_related("actor").order_by("-id")
    return [
        {"line": line, "said": VERBS.get(line.verb, line.verb), "why": line.data.get("reason", "")} for line in lines
    ]
