"""Files over HTTP: sent, imported by a worker, watched as a job; batches looked at and taken back."""

import json
from typing import Any, Literal

from django.http import HttpRequest
from ninja import File, Form, UploadedFile

from xinheng.base import clock
from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Id, Line, MaybeCode, Reason, Stated, Words
from xinheng.base.api.pages import Page, page
from xinheng.base.api.rooms import Cursor, Limit, Room, UnknownParameter
from xinheng.base.errors import BadInput
from xinheng.base.models import Batch
from xinheng.base.shapes import JobShape, job_shape
from xinheng.exchange import mappings, shapes
from xinheng.exchange.importing import KINDS, Options
from xinheng.exchange.jobs import ask_for_import
from xinheng.exchange.shapes import BatchShape, MappingShape, UndoneBatchShape
from xinheng.exchange.undoing import batch_by_number, undo_batch
from xinheng.exchange.uploads import store

room = Room("Imports 导入")
FileKind = Literal[tuple(KINDS)]  # type: ignore[valid-type]


class BadMapping(BadInput):
    """Not one heading for each field.  params: value."""

    code = "BAD_MAPPING"


class Chosen(Stated):
    """How the file is to be taken, as at the command line; ``map`` is a JSON object field → heading."""

    keep_good: bool = False
    dry_run: bool = False
    update: bool = False
    create_customers: bool = False
    opening: bool = False
    check: bool = False
    map: Words = ""
    mapping: Line = ""
    date_format: Line = ""
    entity: MaybeCode = ""
    encoding: Line = ""
    delimiter: Line = ""
    sheet: Line = ""


@room.write("/imports/{kind}", JobShape, right="import.run", makes=True)
def import_file(request: HttpRequest, kind: FileKind, file: File[UploadedFile], chosen: Form[Chosen]) -> Any:
    """Send a file; a worker imports it with your rights, and `/jobs/{number}` tells how far it is."""
    if unknown := sorted(set(request.POST) - set(Chosen.model_fields)):
        raise UnknownParameter(names=unknown)
    stated = chosen.model_dump(exclude={"map", "mapping"})
    fields = mappings.mapping_by_name(kind, chosen.mapping) if chosen.mapping else {}
    name = str(file.name)[-255:]
    options = Options(mapping=fields | _headings(chosen.map), file_name=name, **stated)
    kept = store.path_of(store.keep(name, file.size or 0, file.chunks()))
    return job_shape(ask_for_import(kind, kept, options, by=caller(request)))


def _headings(text: str) -> dict[str, str]:
    """Field → heading as a JSON object.

    Raises:
        BadMapping
    """
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(one, str) and one.strip() for one in found.values()):
        raise BadMapping(value=text[:80])
    return found


@room.read("/imports", Page[BatchShape], right="reports.view")
def list_batches(request: HttpRequest, kind: FileKind | None = None, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """What was imported, the newest first."""
    found = Batch.objects.select_related("recorded_by")
    return page(found.filter(kind=kind) if kind else found, shapes.batch_shape, cursor=cursor, limit=limit)


@room.write("/imports/{batch}/undoings", UndoneBatchShape, right="import.undo")
def undo_import(request: HttpRequest, batch: Id, body: Reason) -> Any:
    """Take a whole batch back while nothing later depends on it."""
    by = caller(request)
    done = undo_batch(batch_by_number(batch), on=clock.business_date(), by=by, reason=body.reason)
    return shapes.undone_batch_shape(done)


@room.read("/import-mappings", list[MappingShape], right="import.run")
def list_mappings(request: HttpRequest) -> Any:
    """Saved mappings of headings."""
    return [shapes.mapping_shape(one) for one in mappings.saved_mappings()]
