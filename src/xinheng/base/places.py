"""Branches 分支机构: the places of work that customers and people belong to; entered and renamed, never taken away."""

from django.core.exceptions import ValidationError

from xinheng.base import audit, rights
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput, Conflict, Unknown
from xinheng.base.models import Branch, User


class BadCode(BadInput):
    """A code or name that cannot stand on documents.  params: value."""

    code = "BAD_CODE"


def stated(code: str, name: str) -> tuple[str, str]:
    """A code and a name without blanks around them, as they are kept.

    Raises:
        BadCode: empty, too long for its place, or with signs that cannot be seen.
    """
    code, name = code.strip(), name.strip()
    for value, field in ((code, "code"), (name, "name")):
        try:
            Branch._meta.get_field(field).clean(value, None)
        except ValidationError:
            raise BadCode(value=value[:40]) from None
        if not value.isprintable():
            raise BadCode(value=value[:40])
    return code, name


def enter_branch(code: str, name: str, *, by: User) -> Branch:
    """Enter a branch.

    Raises:
        Conflict, BadCode, Refused.
    """
    rights.require(by, "entities.edit")
    code, name = stated(code, name)
    with atomic():
        if Branch.objects.filter(code=code).exists():
            raise Conflict(what="branch", number=code)
        branch = Branch.objects.create(code=code, name=name)
        audit.record("settings", "base.branch.entered", f"branch:{code}", by=by, data={"name": name})
        return branch


def rename_branch(code: str, name: str, *, by: User) -> Branch:
    """Give a branch another name; its code stays.

    Raises:
        Unknown, BadCode, Refused.
    """
    rights.require(by, "entities.edit")
    with atomic():
        branch = Branch.objects.filter(code=code).first()
        if branch is None:
            raise Unknown(what="branch", number=code)
        before, branch.name = branch.name, stated(code, name)[1]
        branch.save()
        data = {"before": before, "after": branch.name}
        audit.record("settings", "base.branch.renamed", f"branch:{code}", by=by, data=data)
        return branch
