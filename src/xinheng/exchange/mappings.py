"""Keeping and finding saved mappings."""

from collections.abc import Mapping

from xinheng.base import audit, clock, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Unknown
from xinheng.base.models import User
from xinheng.exchange.models import SavedMapping


def save_mapping(kind: str, name: str, fields: Mapping[str, str], *, by: User) -> SavedMapping:
    """Keep a mapping under a name; the same name again takes the new one.

    Raises:
        Refused.
    """
    rights.require(by, "import.run")
    with atomic():
        kept, _ = SavedMapping.objects.update_or_create(
            kind=kind, name=name, defaults={"fields": dict(fields), "saved_at": clock.now(), "saved_by": by}
        )
        audit.record("files", "exchange.mapping.saved", f"mapping:{kind}/{name}", by=by, data={"fields": dict(fields)})
        return kept


def mapping_by_name(kind: str, name: str) -> dict[str, str]:
    """A saved mapping: field → heading.

    Raises:
        Unknown
    """
    kept = SavedMapping.objects.filter(kind=kind, name=name).first()
    if kept is None:
        raise Unknown(what="mapping", number=name)
    return dict(kept.fields)


def saved_mappings() -> list[SavedMapping]:
    """All of them, by kind and name."""
    return list(SavedMapping.objects.all())
