"""Importing a file as a job; it lands once however often its worker is killed."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from xinheng.base import rights
from xinheng.base.errors import Unknown
from xinheng.base.jobs.actions import ask_for
from xinheng.base.jobs.running import Running
from xinheng.base.models import Job, User
from xinheng.exchange.importing import KINDS, Options, run_import

#: So many errors are kept with the job; the rest are for the sheet of rejected rows.
_KEPT = 50


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
    said = result.as_json()
    errors = said.pop("errors")
    return {**said, "errors": errors[:_KEPT] if isinstance(errors, list) else []}
