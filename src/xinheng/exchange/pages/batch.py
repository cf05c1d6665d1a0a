"""The page of one batch: what a file brought, what was left out, who did it, and the way to take it back."""

from pathlib import Path
from typing import Any

from django.db.models import Count, Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from xinheng.base import clock, deeds, formats, rights
from xinheng.base.models import Batch, User
from xinheng.base.screens import needs, refuse_without
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables.public import Allocation
from xinheng.exchange.models import Upload
from xinheng.exchange.pages.lists import batch_chip, kind_name, rows_landed
from xinheng.exchange.pages.showing import remarks, trail
from xinheng.exchange.pages.upload import send
from xinheng.exchange.pages.words import FIELDS, VIEWS
from xinheng.exchange.undoing import undo_batch
from xinheng.exchange.uploads import queries, store

#: So many documents are named; the rest are in the lists.
_NAMED = 50


def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch."""
    found = _found(request, pk)
    by: User = request.user  # type: ignore[assignment]
    upload = Upload.objects.filter(batch=found).first()
    seen = rights.may(by, VIEWS[found.kind])
    options = found.options
    context: dict[str, Any] = {
        "active": "settings:opening",
        "batch": found,
        "kind": kind_name(found.kind),
        "chip": batch_chip(found),
        "landed": rows_landed(found),
        "sentence": _sentence(found),
        "upload": upload,
        "mapping": [(FIELDS.get(name, name), head) for name, head in options.get("mapping", {}).items() if head],
        "chosen": [str(_CHOSEN[name]) for name in _CHOSEN if options.get(name)],
        "corrections": list(upload.corrections.select_related("by")) if upload else [],
        "left_out": remarks((upload.found or {}).get("errors", [])) if upload and seen else [],
        "bad": (upload.found or {}).get("bad", 0) if upload else 0,
        "warnings": remarks((upload.found or {}).get("warnings", [])) if upload and seen else [],
        "has_rejects": bool(upload and seen and store.rejects_of(upload.pk).exists()),
        "has_original": bool(upload and seen),
        "may_undo": found.undone_at is None and rights.may(by, "import.undo"),
        "trail": trail(f"batch:{found.pk}", *([f"upload:{upload.pk}"] if upload else [])),
        **(_brought(found) if seen else {}),
    }
    return render(request, "exchange/batch.html", context)


_CHOSEN = {
    "keep_good": pgettext_lazy("batch", "rows that were wrong were left out"),
    "update": pgettext_lazy("batch", "rows that differed corrected the books"),
    "create_customers": pgettext_lazy("batch", "unknown customers were made"),
    "opening": pgettext_lazy("batch", "taken over as history"),
    "check": pgettext_lazy("batch", "orders were checked"),
}


@needs("import.undo")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the batch back, with a reason."""
    found = _found(request, pk)
    by: User = request.user  # type: ignore[assignment]
    number = {"number": found.pk}
    count = found_documents(found).count()
    reversed_ = ngettext(
        "%(count)s document is reversed by another one; what it replaced stands again.",
        "%(count)s documents are reversed, each by another one; what they replaced stands again.",
        count,
    ) % {"count": formats.count(count)}  # fmt: skip
    consequence = reversed_ if count else _("What it changed is as it was before; what it made is gone again.")
    more = _("Where something later rests on it, nothing is taken back and you are told what. The file is kept.")

    def act(cleaned: dict[str, Any]) -> str:
        undo_batch(found, on=clock.business_date(), by=by, reason=cleaned["reason"])
        return _("Batch %(number)s is taken back.") % number

    deed = deeds.Deed(
        title=_("Take back batch %(number)s") % number,
        consequence=f"{consequence} {more}",
        button=pgettext_lazy("batch", "Take it back"),
        back=reverse("imports:batch", args=[found.pk]),
        back_name=_("Batch %(number)s") % number,
        icon="x",
        grave=True,
        facts=(
            (pgettext_lazy("batch", "File"), found.file_name),
            (pgettext_lazy("batch", "Kind"), kind_name(found.kind)),
        ),
    )
    return deeds.ask(request, deed, deeds.ReasonForm(request.POST if request.method == "POST" else None), act)


def original(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it came."""
    upload = _upload(request, pk)
    return send(store.path_of(upload.digest), upload.file_name)


def rejects(request: HttpRequest, pk: int) -> FileResponse:
    """The rows that were left out, with their reasons."""
    upload = _upload(request, pk)
    return send(_there(store.rejects_of(upload.pk)), f"{upload.batch_id}-{kind_name(upload.kind)}.xlsx")


def _there(path: Path) -> Path:
    if not path.exists():
        raise Http404
    return path


def _upload(request: HttpRequest, pk: int) -> Upload:
    found = _found(request, pk)
    refuse_without(request, VIEWS[found.kind])
    upload = Upload.objects.filter(batch=found).first()
    if upload is None:
        raise Http404
    return upload


def _found(request: HttpRequest, pk: int) -> Batch:
    by: User = request.user  # type: ignore[assignment]
    queries.require_reader(by)
    return queries.batch_for(by, pk)


def found_documents(batch: Batch) -> Any:
    """The documents a batch brought that still stand."""
    return Document.objects.filter(batch=batch, reversed_by=None)


def _brought(batch: Batch) -> dict[str, Any]:
    """Documents with their sums, or invoices that were settled, or the codes of lists."""
    documents = Document.objects.filter(batch=batch).select_related("account__customer").order_by("id")
    money = {
        one["currency"]: one["sum"]
        for one in documents.order_by().values("currency").annotate(sum=Sum("amount"), count=Count("id"))
    }
    settled = Allocation.objects.filter(batch=batch).select_related("invoice__account__customer").order_by("id")
    if batch.kind == "allocations":
        documents = [one.invoice for one in settled[:_NAMED]]
        money = {
            one["invoice__currency"]: one["sum"]
            for one in settled.order_by().values("invoice__currency").annotate(sum=Sum("amount"))
        }
    codes = [one[0] for one in batch.result.get("before", [])[:_NAMED]] if batch.kind == "customers" else []
    return {"documents": documents[:_NAMED], "money": money, "codes": codes, "seen": True}


def _sentence(batch: Batch) -> str:
    landed = rows_landed(batch)
    if batch.undone_at:
        return _("It was taken back: what it brought is reversed.")
    said = ngettext("%(count)s row is in the books.", "%(count)s rows are in the books.", landed)
    said = said % {"count": f"{landed:,}"}
    changed = int(batch.result.get("updated", 0))
    if not changed:
        return said
    more = ngettext(" %(count)s took the place of another.", " %(count)s took the place of others.", changed)
    return said + more % {"count": f"{changed:,}"}
