"""Writing a draft of the policy: each section as a form that keeps itself and tells mistakes at the field."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinheng.base import clock, policies, policy_drafts, policy_problems
from xinheng.base.errors import Unknown
from xinheng.base.models import PolicyDraft, PolicyVersion
from xinheng.base.policy_drafts import Plain
from xinheng.base.screens import needs
from xinheng.base.templatetags.house import moment
from xinheng.rules import policy as rulebook
from xinheng.rules.policy.kinds import Listing, Table
from xinheng.site.pages.policy import answers, words
from xinheng.site.pages.policy.differences import SECTIONS, Difference, differences
from xinheng.site.pages.policy.nodes import Drawing
from xinheng.site.pages.policy.reading import ACTIVE, count_said, grouped, said, versions


@needs("policy.propose")
def draft(request: HttpRequest) -> HttpResponse:
    """The reader's own draft against the signed policy: what it changes, what is wrong, what came meanwhile."""
    found = policy_drafts.of(request.user)  # type: ignore[arg-type]
    if found is None:
        return render(request, "policy/no_draft.html", {"active": ACTIVE})
    return render(request, "policy/draft.html", context_of(found))


def context_of(found: PolicyDraft) -> dict[str, Any]:
    """What every page about a draft tells."""
    document = policy_drafts.document(found)
    changed = differences(policy_drafts.plain(found.based_on), document)
    wrong = rulebook.problems(document)
    faulty = {one.path.split(".")[0].split("[")[0] for one in wrong}
    touched = {one.section for one in changed}
    return {
        "active": ACTIVE,
        "draft": found,
        "differences": grouped(changed),
        "count": len(changed),
        "count_said": count_said(len(changed)),
        "problems": [(one.path.split(".")[0].split("[")[0], policy_problems.said(one)) for one in wrong],
        "sections": [
            (name, words.label(knob), words.words(knob.words)[1], name in touched, name in faulty)
            for name, knob in SECTIONS.items()
        ],
        "toml": policy_drafts.toml(document),
        "clashes": clashes(found, changed),
        "moved": policies.here().latest.version != found.based_on,
        "newest": policies.newest(),
        "state": _state(found, len(changed), len(wrong)),
    }


def clashes(found: PolicyDraft, mine: list[Difference]) -> list[dict[str, Any]]:
    """What others proposed or signed since a draft was begun, and where it says something else than the draft."""
    own = {one.path: one for one in mine}
    base = policy_drafts.plain(found.based_on)
    later = versions().filter(version__gt=found.based_on).exclude(status=PolicyVersion.Status.WITHDRAWN)
    told = []
    for row in later.order_by("version"):
        theirs = differences(base, policy_drafts.plain(row.version))
        rows = [(one, own.get(one.path)) for one in theirs]
        both = sum(other is not None and other.after != one.after for one, other in rows)
        told.append({"version": row, "said": said(row), "rows": rows, "both": both})
    return told


def _state(found: PolicyDraft, changed: int, wrong: int) -> str:
    """One line about a draft: when it was kept, how much it changes, how much is wrong."""
    kept = moment(found.changed_at, clock.company().time_zone)
    about = {"time": kept, "changes": count_said(changed)}
    if not wrong:
        return _("Draft kept at %(time)s. %(changes)s") % about
    mistakes = ngettext("%(count)s mistake to correct.", "%(count)s mistakes to correct.", wrong) % {"count": wrong}
    return _("Draft kept at %(time)s. %(changes)s %(mistakes)s") % {**about, "mistakes": mistakes}


@needs("policy.propose")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Open the draft, or begin one; ``section`` is where the reader wants to write."""
    name = request.POST.get("section", "")
    if policy_drafts.of(request.user) is None:  # type: ignore[arg-type]
        policy_drafts.begin(by=request.user)  # type: ignore[arg-type]
    return redirect("policy:edit", name) if name in SECTIONS else redirect("policy:draft")


@needs("policy.propose")
@require_POST
def together(request: HttpRequest) -> HttpResponse:
    """Bring the draft and what was signed meanwhile together."""
    made = policy_drafts.bring_together(by=request.user)  # type: ignore[arg-type]
    said_ = _("Your draft now rests on version %(version)s; where both changed a rule, yours stands.")
    messages.success(request, said_ % {"version": made.based_on})
    return redirect("policy:draft")


@needs("policy.propose")
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """A section of the draft as a form.  What is typed is kept at once; mistakes are told beside it."""
    if name not in SECTIONS:
        raise Unknown(what="page", number=name)
    found = policy_drafts.of(request.user)  # type: ignore[arg-type]
    if found is None:
        return redirect("policy:draft")
    document = policy_drafts.document(found)
    row = request.GET.get("row", "")
    kind = SECTIONS[name].kind
    if row and (not isinstance(kind, Table) or row not in document.get(name, {})):
        raise Unknown(what="page", number=row)
    if request.method == "POST":
        found = policy_drafts.save(name, _typed(request, name, row, document), by=request.user)  # type: ignore[arg-type]
        if not request.htmx:  # type: ignore[attr-defined]
            return _kept(request, name, row)
        document = policy_drafts.document(found)
    return render(
        request,
        "policy/_said.html" if request.method == "POST" else "policy/edit.html",
        _form(found, document, name, row),
        status=200,
    )


def _form(found: PolicyDraft, document: Plain, name: str, row: str) -> dict[str, Any]:
    signed = policy_drafts.plain(found.based_on)
    wrong = rulebook.problems(document)
    node = Drawing(document, signed, wrong).section(name, row)
    own = [(one, words.label(knob)) for one, knob in SECTIONS.items()]
    return {
        "active": ACTIVE,
        "draft": found,
        "name": name,
        "row": row,
        "row_name": words.role(row, document["roles"]) if row else "",
        "label": words.label(SECTIONS[name]),
        "help": words.words(SECTIONS[name].words)[1],
        "node": node,
        "slots": [one for one in node.slots() if one is not node or node.shape != "fields"],
        "sections": own,
        "state": _state(found, len(differences(signed, document)), len(wrong)),
    }


def _typed(request: HttpRequest, name: str, row: str, document: Plain) -> Any:
    """The section as it stands with what was sent, and a row added or taken away where that was asked."""
    kind, stated = SECTIONS[name].kind, document.get(name)
    answer = answers.Answer(request.POST)
    if row and isinstance(kind, Table):
        made: Any = {**(stated or {}), row: answer.read(kind.of, f"{name}.{row}", (stated or {}).get(row))}
    else:
        made = answer.read(kind, name, stated)
    verb, _colon, path = request.POST.get("op", "").partition(":")
    if verb in {"add", "remove"} and (path == name or path.startswith(f"{name}.")):
        _reshape(request, made, verb, path, name)
    return made


def _reshape(request: HttpRequest, made: Any, verb: str, path: str, name: str) -> None:
    """Add a row, or take one away."""
    kind = SECTIONS[name].kind
    try:
        if verb == "remove":
            parent, key = answers.parted(path)
            _kind, rows = answers.place(kind, made, parent[len(name) :])
            del rows[int(key) if isinstance(rows, list) else key]
            return
        found, rows = answers.place(kind, made, path[len(name) :])
        if isinstance(found, Listing):
            rows.append(answers.row_of(found))
            return
        key = request.POST.get(f"new:{path}", "").strip().upper()
        if not answers.key_fits(found, key):
            messages.error(request, _("“%(key)s” cannot be the name of a row here.") % {"key": key[:40]})
        elif key in rows:
            messages.error(request, _("There is a row “%(key)s” already.") % {"key": key})
        else:
            rows[key] = answers.row_of(found)
    except (LookupError, ValueError, TypeError, AttributeError, AssertionError):
        messages.error(request, _("This row is not there any more."))


def _kept(request: HttpRequest, name: str, row: str) -> HttpResponse:
    if "done" in request.POST:
        return redirect("policy:draft")
    return redirect(reverse("policy:edit", args=[name]) + (f"?row={row}" if row else ""))
