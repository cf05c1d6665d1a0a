"""The legal companies that sell 公司主体, entered and given another name one by one; their codes stay for good."""

from xinheng.base import audit, places, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Conflict, Unknown
from xinheng.base.models import User
from xinheng.desk.exposure.models import Entity


def enter_entity(code: str, name: str, *, by: User) -> Entity:
    """Enter a company that sells.

    Raises:
        Conflict, BadCode, Refused.
    """
    rights.require(by, "entities.edit")
    code, name = places.stated(code, name)
    with atomic():
        if Entity.objects.filter(code=code).exists():
            raise Conflict(what="entity", number=code)
        entity = Entity.objects.create(code=code, name=name)
        audit.record("settings", "exposure.entity.entered", f"entity:{code}", by=by, data={"name": name})
        return entity


def rename_entity(code: str, name: str, *, by: User) -> Entity:
    """Give a company another name.

    Raises:
        Unknown, BadCode, Refused.
    """
    rights.require(by, "entities.edit")
    with atomic():
        entity = Entity.objects.filter(code=code).first()
        if entity is None:
            raise Unknown(what="entity", number=code)
        before, entity.name = entity.name, places.stated(code, name)[1]
        entity.save()
        data = {"before": before, "after": entity.name}
        audit.record("settings", "exposure.entity.renamed", f"entity:{code}", by=by, data=data)
        return entity
