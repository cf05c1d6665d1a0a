"""The state of the audit chains: how long each is, when it was sealed and checked last, and the check itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinheng.base.models import AuditLine, Seal, SealedHead, Stream, User
from xinheng.base.screens import needs
from xinheng.desk.exposure.public import Holder
from xinheng.site import verification
from xinheng.site.pages.settings import trail
from xinheng.site.pages.settings.lists import ACTIVE, may

#: Chains of customers on the page; the search finds any other.
_MOST = 20


@dataclass(frozen=True, slots=True)
class ChainState:
    """One chain: its head, the line up to which it is sealed, and its last check."""

    stream: str
    name: str
    lines: int
    digest: str
    sealed: int
    checked_at: datetime | None
    checked_by: User | None
    faults: int

    @property
    def fresh(self) -> int:
        """Lines that came after the last seal."""
        return max(0, self.lines - self.sealed)


@needs("audit.read")
def chains(request: HttpRequest) -> HttpResponse:
    """The chains of the house, and those of customers: the longest, or the ones asked for."""
    typed = request.GET.get("q", "").strip()
    house = {name: (sequence, digest) for name, sequence, digest in Stream.objects.order_by("name").values_list()}
    last = Seal.objects.order_by("-id").first()
    context = {
        "active": ACTIVE,
        "house": states(house),
        "holders": states(_holders(typed)),
        "typed": typed,
        "seal": last,
        "seals": Seal.objects.count(),
        "may_check": may(request, "ledger.verify"),
    }
    return render(request, "settings/chains.html", context)


def _holders(typed: str) -> dict[str, tuple[int, str]]:
    rows = Holder.objects.filter(sequence__gt=0)
    if typed:
        known = Q(customer__code__iexact=typed) | Q(customer__search__contains=typed.lower())
        rows = rows.filter(known | Q(group__code__iexact=typed))
    found = rows.order_by("-sequence", "pk").values_list("pk", "sequence", "digest")[:_MOST]
    return {f"holder:{pk}": (sequence, digest) for pk, sequence, digest in found}


def states(heads: dict[str, tuple[int, str]]) -> list[ChainState]:
    """What is known of these chains, in a fixed number of questions."""
    sealed = dict(SealedHead.objects.filter(stream__in=heads).values_list("stream", "sequence"))
    subjects = [f"chain:{name}" for name in heads]
    checks = AuditLine.objects.filter(verb="base.chain.checked", subject__in=subjects).select_related("actor")
    checked = {line.subject.removeprefix("chain:"): line for line in checks.order_by("pk")}
    names = trail.chains(heads)
    found = []
    for stream, (lines, digest) in heads.items():
        check = checked.get(stream)
        faults = len(check.data["faults"]) if check else 0
        about = (check.at, check.actor) if check else (None, None)
        found.append(ChainState(stream, names[stream], lines, digest, sealed.get(stream, 0), *about, faults))
    return found


@require_POST
@needs("ledger.verify")
def check(request: HttpRequest, stream: str) -> HttpResponse:
    """Check one chain and say what was found."""
    user: Any = request.user
    found = verification.check_chain(stream, by=user)
    name = {"name": trail.chain(stream), "number": found.lines}
    if found.faults:
        messages.error(request, _("Chain %(name)s is not whole:") % name + " " + "; ".join(found.faults))
    else:
        said = ngettext(
            "Chain %(name)s is whole: its only line follows, and it agrees with its last seal.",
            "Chain %(name)s is whole: all %(number)s lines follow on one another and agree with the last seal.",
            found.lines,
        )
        messages.success(request, said % name)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """To the chains, with the question that was asked there."""
    typed = request.POST.get("q", "")
    return reverse("settings:chains", query={"q": typed} if typed else None)


def state_of(stream: str) -> ChainState:
    """One chain, for the audit tab of whatever it tells of."""
    return states({stream: verification.head_of(stream)})[0]
