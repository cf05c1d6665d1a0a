"""Importing a file as a job; it lands once however often its worker is killed."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from xinheng.base import rights
from xinheng.base.errors import Unknown
from xinheng.base.jobs.actions import ask_for
from xinheng.base.jobs.kinds import Told
from xinheng.base.jobs.running import Running
from xinheng.base.models import Batch, Job, User
from xinheng.exchange.findings import Finding
from xinheng.exchange.importing import KINDS, Options, run_import
from xinheng.exchange.options import remark, said

#: So many errors are kept with the job; the rest are for the sheet of rejected rows.
_KEPT = 50
_COUNTED = ("rows", "accepted", "already_present", "updated", "rejected")
#: What the reading of a file finds.
_FOUND = ("errors", "warnings")
_NAMED = {"errors": pgettext_lazy("import", "Errors"), "warnings": pgettext_lazy("import", "Warnings")}


def ask_for_import(kind: str, path: Path, options: Options, *, by: User) -> Job:
    """Let a worker import a file; it must stay where it is until then.

    Raises:
        Unknown, Refused.
    """
    if kind not in KINDS:
        raise Unknown(what="job", number=kind)
    rights.require(by, "import.run")
    chosen = {one.name: getattr(options, one.name) for one in fields(Options)}
    chosen = {name: value for name, value in chosen.items() if value}
    if options.rejects is not None:
        chosen["rejects"] = str(options.rejects.absolute())
    return ask_for("import", {"kind": kind, "path": str(path.absolute()), "options": chosen}, by=by)


def import_file(running: Running) -> dict[str, Any]:
    """Import the file of the arguments."""
    asked = running.arguments
    options = dict(asked["options"])
    if "rejects" in options:
        options["rejects"] = Path(options["rejects"])
    result = run_import(
        asked["kind"], Path(asked["path"]), Options(**options), by=running.by, tick=running.tick,
        landed=lambda batch: running.land({"batch": batch, "kind": asked["kind"]}),
    )  # fmt: skip
    return {**result.as_json(), **{name: [_kept(one) for one in getattr(result, name)[:_KEPT]] for name in _FOUND}}


def _kept(one: Finding) -> dict[str, Any]:
    """A finding with what it takes to tell it in another language."""
    params = {name: value if isinstance(value, (int, str, list)) else str(value) for name, value in one.params.items()}
    return {**remark(one), "params": params}


def told(job: Job) -> Told:
    """Which file, what became of its rows, and which rows were bad."""
    about = job.arguments["options"].get("file_name") or Path(job.arguments["path"]).name
    if job.result is None:
        return Told(about)
    batch = Batch.objects.filter(pk=job.result["batch"]).first() if job.result["batch"] else None
    counts = dict.fromkeys(_COUNTED, 0) | (batch.result if batch else {}) | job.result
    words = _(
        "%(rows)s rows: %(accepted)s accepted, %(already_present)s already present, %(updated)s updated, "
        "%(rejected)s rejected."
    )
    landed = _("Batch %(batch)s.") % {"batch": batch.pk} if batch else _("Nothing was written.")
    lists = [(_NAMED[name], tuple(_again(one) for one in job.result.get(name, ()))) for name in _FOUND]
    return Told(about, (words % counts, landed), tuple((str(name), rows) for name, rows in lists if rows))


def _again(one: dict[str, Any]) -> str:
    return said(Finding(one["line"], one["column"], one["value"], one["code"], one["params"]))
