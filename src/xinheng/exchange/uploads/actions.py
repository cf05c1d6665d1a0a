"""What a person does with a file on its way into the books: brings it, says how it is read, corrects it, lets it land.

Until it lands nothing is in the books; every choice and every corrected cell undoes the last look, so that what lands
is what was seen.  A large file is looked at by a worker, and every file is landed by one.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from xinheng.base import audit, clock, rights
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput, WrongState
from xinheng.base.jobs import actions as jobs
from xinheng.base.models import User
from xinheng.exchange import headings
from xinheng.exchange.kinds import MAKERS
from xinheng.exchange.models import Correction, Upload
from xinheng.exchange.opening import called, opened
from xinheng.exchange.options import Options
from xinheng.exchange.sheets import BadFile
from xinheng.exchange.sheets.cells import CELL_MAX, CONTROLS
from xinheng.exchange.uploads import looking, queries, store

State = Upload.State
#: A file with more rows is looked at by a worker.
LARGE_FROM = 5_000
#: So many values of each column are shown.
_SAMPLES = 3
_SAMPLE_LENGTH = 60
#: What may be chosen in the page and is kept as it is said.
CHOICES = ("update", "create_customers", "opening", "check", "date_format", "entity")


class BadCorrection(BadInput):
    """A cell that cannot be corrected so.  params: line, heading."""

    code = "BAD_CORRECTION"


def bring(name: str, size: int, parts: Iterable[bytes], *, by: User) -> Upload:
    """Keep a file, see its headings, guess its kind.

    Raises:
        Refused, BadFile, store.BadEnding, TooLarge.
    """
    rights.require(by, "import.run")
    name = name[-255:]
    digest = store.keep(name, size, parts)
    table, large = _table(digest, name)
    allowed = queries.kinds_for(by)
    kind = next((kind for kind, _ in table["likeness"] if kind in allowed), "")
    if not kind:
        rights.require(by, MAKERS[table["likeness"][0][0]].right)
    with atomic():
        made = Upload.objects.create(
            file_name=name, digest=digest, size=size, kind=kind, large=large, table=table,
            recorded_at=clock.now(), recorded_by=by,
        )  # fmt: skip
        data = {"file": name, "digest": digest, "size": size, "kind": kind}
        audit.record("files", "exchange.file.brought", f"upload:{made.pk}", by=by, data=data)
    return made


def _table(digest: str, name: str) -> tuple[dict[str, Any], bool]:
    """Headings, samples, likeness; and whether there are many rows."""
    options = Options(file_name=name)
    with opened(store.path_of(digest), options) as sheet:
        try:
            first = next(sheet.chunks(LARGE_FROM + 1, used=()))
        except BadFile as refused:
            called(refused, options)
            raise
        samples = [_samples(row[place] for row in first.rows) for place in range(len(sheet.headings))]
        table = {
            "headings": list(sheet.headings),
            "samples": samples,
            "likeness": headings.likeness(sheet.headings, file_name=name),
        }
        return table, len(first.rows) + len(first.findings) > LARGE_FROM


def _samples(cells: Iterable[str]) -> list[str]:
    """The first values that differ from one another."""
    found: dict[str, None] = {}
    for cell in cells:
        if cell:
            found[cell[:_SAMPLE_LENGTH]] = None
        if len(found) == _SAMPLES:
            break
    return list(found)


def choose(upload: Upload, *, kind: str, mapping: Mapping[str, str], choices: Mapping[str, Any], by: User) -> Upload:
    """Say what the file is and how it is read; ``mapping`` is field → heading, '' for a field that is left out.

    Raises:
        Refused, WrongState.
    """
    _require(upload, by)
    rights.require(by, MAKERS[kind].right)
    stated = {name: choices[name] for name in CHOICES if choices.get(name)}
    kept = {name: heading for name, heading in mapping.items() if name in headings.KINDS[kind]}
    with atomic():
        _open(upload, by)
        upload.kind, upload.options = kind, {**stated, **({"mapping": kept} if kept else {})}
        upload.state, upload.found = State.OPEN, None
        upload.save()
        data = {"kind": kind, "options": upload.options}
        audit.record("files", "exchange.file.described", f"upload:{upload.pk}", by=by, data=data)
    return upload


def correct(upload: Upload, cells: Mapping[tuple[int, str], str], *, by: User) -> int:
    """Let cells say something else, by line and heading; answers how many do now.

    Raises:
        Refused, WrongState, BadCorrection.
    """
    _require(upload, by)
    places = {heading: place for place, heading in enumerate(upload.table["headings"])}
    shown = {line: row for line, row in (upload.found or {}).get("bad_rows", []) if row is not None}
    changed = []
    for (line, heading), said in cells.items():
        text = said.strip()
        if line not in shown or heading not in places or CONTROLS.search(text) or len(text) > CELL_MAX:
            raise BadCorrection(line=line, heading=heading)
        before = shown[line][places[heading]]
        if text != before:
            changed.append((line, heading, before, text))
    if not changed:
        return 0
    with atomic():
        _open(upload, by)
        now = clock.now()
        Correction.objects.bulk_create(
            Correction(upload=upload, line=line, heading=heading, before=before, after=after, at=now, by=by)
            for line, heading, before, after in changed
        )
        Upload.objects.filter(pk=upload.pk).update(state=State.OPEN, found=None)
        data = {"cells": [list(one) for one in changed]}
        audit.record("files", "exchange.file.corrected", f"upload:{upload.pk}", by=by, data=data)
    upload.refresh_from_db()
    return len(changed)


def look(upload: Upload, *, by: User) -> Upload:
    """See what the file would do: at once, or by a worker where it is large.

    Raises:
        Refused, WrongState, BadFile.
    """
    _require(upload, by)
    rights.require(by, MAKERS[upload.kind].right)
    if upload.large:
        return _ask("look-at-file", upload, {}, by)
    found = looking.look(upload.kind, store.path_of(upload.digest), options_of(upload), by=by)
    with atomic():
        _open(upload, by)
        upload.found, upload.state = found, State.LOOKED
        upload.save(update_fields=["found", "state"])
    return upload


def land(upload: Upload, *, keep_good: bool, by: User) -> Upload:
    """Let a worker bring into the books what was seen; ``keep_good`` leaves the bad rows out.

    Raises:
        Refused, WrongState: it was not looked at, or it has bad rows and they are not to be left out.
    """
    _require(upload, by)
    rights.require(by, MAKERS[upload.kind].right)
    if upload.state != State.LOOKED or (upload.found["bad"] and not keep_good):
        raise _wrong(upload)
    return _ask("land-file", upload, {"keep_good": keep_good}, by)


def give_up(upload: Upload, *, by: User) -> None:
    """The file will not land; it is kept all the same.

    Raises:
        Refused, WrongState.
    """
    _require(upload, by)
    with atomic():
        _open(upload, by)
        Upload.objects.filter(pk=upload.pk).update(state=State.GIVEN_UP)
        audit.record("files", "exchange.file.given-up", f"upload:{upload.pk}", by=by)


def options_of(upload: Upload, **more: Any) -> Options:
    """What was chosen and corrected, as the importer wants it."""
    corrections: dict[int, dict[str, str]] = {}
    for line, heading, after in upload.corrections.order_by("id").values_list("line", "heading", "after"):
        corrections.setdefault(line, {})[heading] = after
    return Options(
        **upload.options, **more, corrections=corrections, file_name=upload.file_name,
        rejects=store.rejects_of(upload.pk),
    )  # fmt: skip


def _ask(kind: str, upload: Upload, more: Mapping[str, Any], by: User) -> Upload:
    with atomic():
        _open(upload, by)
        upload.job = jobs.ask_for(kind, {"upload": upload.pk, **more}, by=by)
        upload.save(update_fields=["job"])
    return upload


def _require(upload: Upload, by: User) -> None:
    rights.require(by, "import.run")
    if upload.state in (State.LANDED, State.GIVEN_UP) or queries.is_busy(upload):
        raise _wrong(upload)


def _open(upload: Upload, by: User) -> None:
    """The same once more in the transaction that writes, with the row locked: somebody else may have been faster."""
    now = Upload.objects.select_for_update(of=("self",)).select_related("job").get(pk=upload.pk)
    if now.state != upload.state or now.options != upload.options or now.kind != upload.kind:
        raise _wrong(now)
    _require(now, by)


def _wrong(upload: Upload) -> WrongState:
    state = "UNDER_WAY" if queries.is_busy(upload) else upload.state
    return WrongState(what="upload", number=upload.file_name, state=state)
