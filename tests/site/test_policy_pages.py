"""The policy as pages: read in words, written as forms that keep themselves, compared, proposed, signed."""

import json
from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.site.policy_forms import POLICY, keep, typed
from tests.site.visits import browse, read, words
from xinheng.base import policies, policy_drafts
from xinheng.base.errors import Refused, WrongState
from xinheng.base.models import AuditLine, PolicyDraft, PolicyVersion
from xinheng.base.reasons import ReasonMissing
from xinheng.rules import policy as rulebook
from xinheng.site.pages.policy.answers import Answer
from xinheng.site.pages.policy.differences import SECTIONS, differences
from xinheng.site.pages.policy.nodes import Drawing
from xinheng.site.pages.policy.reading import rules_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def general(acme):
    return books.person("gm", "GENERAL_MANAGER", name_zh="沈怀瑾", name_en="Shen Huaijin")


@pytest.fixture
def at(manager):
    return browse(manager)


@pytest.fixture
def drafting(at, manager):
    """A finance manager with a draft."""
    at.post(f"{POLICY}draft/begin/")
    return at


def mine(manager):
    return policy_drafts.document(PolicyDraft.objects.get(author=manager))


def test_what_is_in_force_is_read_in_words_with_its_source(at):
    page = words(read(at, POLICY))
    assert "The policy that ships with the product; nobody has signed it." in page
    assert "Days of grace" in page and "5 days" in page and "篇7" in page
    assert "Version 1" not in page  # nothing waits


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_section_is_read_and_written(manager, section, language):
    client = browse(manager, language)
    client.post(f"{POLICY}draft/begin/")
    assert rules_of(section, policy_drafts.plain(1))
    read(client, f"{POLICY}sections/{section}/")
    read(client, f"{POLICY}draft/{section}/")


@pytest.mark.parametrize("section", [name for name in SECTIONS if name != "roles"])
def test_a_form_sent_back_untouched_changes_nothing(drafting, manager, section):
    before = mine(manager)
    keep(drafting, section)
    assert mine(manager) == before
    assert list(mine(manager)[section]) == list(before[section])


@pytest.mark.parametrize("role", ["SALESPERSON", "AUDITOR", "GENERAL_MANAGER"])
def test_a_role_sent_back_untouched_changes_nothing(drafting, manager, role):
    before = mine(manager)
    keep(drafting, "roles", role)
    assert mine(manager) == before


@pytest.mark.parametrize(
    ("section", "typed_in", "path", "value"),
    [
        ("overdue", {"overdue__grace_days": "３"}, "grace_days", 3),
        ("overdue", {"overdue__share_percent_max": "40"}, "share_percent_max", 40),
        ("overdue", {"overdue__minimum_amounts__JPY": "2,000"}, "minimum_amounts.JPY", "2000"),
        ("overdue", {"overdue__excluded": ["DISPUTED"]}, "excluded", ["DISPUTED"]),
        ("limit", {"limit__watch_percent": ""}, "watch_percent", "none"),
        ("business", {"business__ageing_bounds_days": "15，30、60"}, "ageing_bounds_days", [15, 30, 60]),
        ("breach", {"breach__propose_cash": []}, "propose_cash", False),
        ("matching", {"matching__unlinked_documents": "OLDEST"}, "unlinked_documents", "OLDEST"),
        ("check_points", {"check_points__over_limit__order": "NOTICE"}, "over_limit.order", "NOTICE"),
        ("exposure", {"exposure__instrument_weights_percent__CHEQUE__LARGE_BANK": "50"},
         "instrument_weights_percent.CHEQUE", {"LARGE_BANK": 50, "OTHER": 100}),
        ("exposure", {"exposure__instrument_weights_percent__CHEQUE__OTHER": ""},
         "instrument_weights_percent.CHEQUE", None),
        ("release", {"release__revoke_credit.kind": "N_OF", "release__revoke_credit.n": "2",
                     "release__revoke_credit.roles": ["FINANCE_DIRECTOR", "GENERAL_MANAGER"]},
         "revoke_credit", {"kind": "N_OF", "roles": ["FINANCE_DIRECTOR", "GENERAL_MANAGER"], "n": 2}),
        ("notices", {"notices__told__ORDER_FREED": ["SALESPERSON"]}, "told.ORDER_FREED", ["SALESPERSON"]),
        ("shadow", {"op": "add:shadow.classes", "new:shadow.classes": "ORDER"}, "classes.ORDER", []),
        ("holds", {"holds__points__BREACH": ["ORDER", "DELIVERY"]}, "points.BREACH", ["DELIVERY", "ORDER"]),
    ],
)  # fmt: skip
def test_what_is_typed_is_kept_as_the_schema_reads_it(drafting, manager, section, typed_in, path, value):
    answer = keep(drafting, section, **typed_in)
    assert answer.status_code == 200
    found = mine(manager)[section]
    for step in path.split("."):
        found = found.get(step)
    assert found == value
    assert rulebook.problems(mine(manager)) == ()


@pytest.mark.parametrize(
    ("section", "typed_in", "en", "zh"),
    [
        ("overdue", {"overdue__grace_days": "soon"},
         "“soon” is another sort of value; write a whole number from 0 to 3650.", "请填写 0 至 3650 的整数"),
        ("overdue", {"overdue__grace_days": "4000"}, "4000 lies outside the range", "4000"),
        ("business", {"business__ageing_bounds_days": "60, 30"}, "does not rise", "递增"),
        ("overdue", {"overdue__minimum_amounts__CNY": "x", "has:overdue.minimum_amounts.CNY": "1"}, "", ""),
        ("overdue", {"overdue__minimum_amounts__JPY": "1,00"}, "“1,00” is no amount", "1,00"),
        ("instruments", {"instruments__allowed": []}, "too little stands here", ""),
        ("notices", {"notices__told__ORDER_FREED": ["NOBODY"]}, "the policy has no role “NOBODY”", "NOBODY"),
        ("check_points", {"check_points__over_limit__order": "MAYBE"}, "“MAYBE” is none of the choices", "MAYBE"),
    ],
)  # fmt: skip
def test_a_mistake_stands_in_words_at_its_field_and_stays_typed(manager, section, typed_in, en, zh):
    for language, said in (("en", en), ("zh", zh)):
        client = browse(manager, language)
        client.post(f"{POLICY}draft/begin/")
        answer = keep(client, section, **typed_in)
        assert said in words(answer.content.decode())
        assert said in words(read(client, f"{POLICY}draft/{section}/"))


def test_the_signed_value_stands_beside_a_changed_field(drafting):
    answer = words(keep(drafting, "overdue", overdue__grace_days="3").content.decode())
    assert "signed policy: 5 days" in answer
    assert "1 rule is different." in answer


def test_rows_are_added_and_taken_out(drafting, manager):
    keep(drafting, "release", parts=False, op="add:release.tiers")
    assert mine(manager)["release"]["tiers"] == [{"above": {"*": "0"}, "signers": {"kind": "ALL_OF", "roles": []}}]
    changed = {
        "release.tiers[0].above.*": "500000",
        "release.tiers[0].signers.roles": ["GENERAL_MANAGER"],
        "op": "add:release.tiers[0].above",
        "new:release.tiers[0].above": "usd",
    }
    keep(drafting, "release", parts=False, **changed)
    assert mine(manager)["release"]["tiers"] == [
        {"above": {"*": "500000", "USD": "0"}, "signers": {"kind": "ALL_OF", "roles": ["GENERAL_MANAGER"]}}
    ]
    assert rulebook.problems(mine(manager)) == ()
    keep(drafting, "release", parts=False, op="remove:release.tiers[0]")
    assert mine(manager)["release"]["tiers"] == []
    keep(drafting, "grades", parts=False, **{"op": "add:grades.bindings", "new:grades.bindings": "CRA_D"})
    assert mine(manager)["grades"]["bindings"] == {"CRA_D": {"loosest_payment": "PREPAID", "term_days_max": "none"}}
    keep(drafting, "roles", parts=False, op="remove:roles.AUDITOR")
    assert "AUDITOR" not in mine(manager)["roles"]


def test_names_of_ones_own_are_typed_with_commas_between(drafting, manager):
    keep(drafting, "shadow", parts=False, **{"op": "add:shadow.classes", "new:shadow.classes": "ORDER"})
    keep(drafting, "shadow", **{"shadow.classes.ORDER": "KEY， 经销商、*"})
    assert mine(manager)["shadow"]["classes"] == {"ORDER": ["KEY", "经销商", "*"]}
    assert rulebook.problems(mine(manager)) == ()
    keep(drafting, "shadow")
    assert mine(manager)["shadow"]["classes"] == {"ORDER": ["KEY", "经销商", "*"]}


@pytest.mark.parametrize(
    ("op", "key", "said"),
    [
        ("add:grades.bindings", "no good", "cannot be the name of a row"),
        ("add:grades.nowhere", "X", "not there any more"),
        ("add:grades.without_rating", "X", "not there any more"),
        ("remove:grades.bindings.GONE", "", "not there any more"),
        ("remove:grades", "", "not there any more"),
        ("remove:grades.bindings[9]", "", "not there any more"),
    ],
)
def test_a_row_that_cannot_be_is_told(drafting, manager, op, key, said):
    before = mine(manager)
    answer = keep(drafting, "grades", parts=False, **{"op": op, f"new:{op[4:]}": key})
    assert said in words(drafting.get(answer.url).content.decode())
    assert mine(manager) == before


def test_what_was_not_on_the_page_stays(drafting, manager):
    """A form from before a row was added elsewhere takes nothing away."""
    sent = typed(drafting, "grades")
    keep(drafting, "grades", parts=False, **{"op": "add:grades.bindings", "new:grades.bindings": "CRA_D"})
    drafting.post(f"{POLICY}draft/grades/", sent)
    assert "CRA_D" in mine(manager)["grades"]["bindings"]


def test_a_draft_is_its_authors_alone(drafting, manager, general):
    keep(drafting, "overdue", overdue__grace_days="3")
    other = browse(general)
    assert other.get(f"{POLICY}draft/").status_code == 403
    assert "3 days" not in words(read(other, POLICY))
    director = browse(books.person("director", "SALES_DIRECTOR"))
    assert "You have no draft" in words(read(director, f"{POLICY}draft/"))


def test_the_draft_against_the_signed_policy_is_told_in_words(drafting):
    keep(drafting, "overdue", overdue__grace_days="3")
    keep(drafting, "check_points", check_points__over_limit__order="NOTICE")
    keep(drafting, "notices", notices__told__ORDER_FREED=["SALESPERSON", "WAREHOUSE"])
    page = words(read(drafting, f"{POLICY}draft/"))
    assert "3 rules are different." in page
    assert "Days of grace 5 days 3 days 篇7" in page
    assert "Over the limit › Order holds gives a notice" in page
    assert "Who is told › Order free taken out: Customer service added: Warehouse" in page
    assert "grace_days = 3" in page


@pytest.mark.covers("LM-001")
def test_one_proposes_and_another_signs(drafting, manager, general):
    keep(drafting, "overdue", overdue__grace_days="3")
    day = DAY + timedelta(days=1)
    answer = drafting.post(f"{POLICY}draft/propose/", {"effective_from": day, "note": "", "seen": "1"})
    assert (answer.status_code, "whoever signs reads it first" in answer.content.decode()) == (422, True)
    early = {"effective_from": DAY - timedelta(days=1), "note": "less grace", "seen": "1"}
    assert "days that are over" in drafting.post(f"{POLICY}draft/propose/", early).content.decode()
    sent = {"effective_from": day, "note": "less grace", "seen": "1"}
    answer = drafting.post(f"{POLICY}draft/propose/", sent, follow=True)
    assert "Version 2 is proposed. It waits for a signature by: General manager" in words(answer.content.decode())
    assert not PolicyDraft.objects.exists()
    proposed = PolicyVersion.objects.get(version=2)
    assert (proposed.based_on, proposed.note, proposed.proposed_by) == (1, "less grace", manager)
    assert policies.parsed(proposed.document).overdue.grace_days == 3
    assert policies.parsed(proposed.document).effective_from == day

    own = words(read(drafting, f"{POLICY}versions/2/"))
    assert "You proposed it, so somebody else signs it: General manager" in own
    assert drafting.post(f"{POLICY}versions/2/sign/").status_code == 403
    signer = browse(general)
    assert "He Li proposes that it holds from 2026-03-03" in words(read(signer, POLICY))
    assert "Days of grace 5 days 3 days" in words(read(signer, f"{POLICY}versions/2/sign/"))
    answer = signer.post(f"{POLICY}versions/2/sign/", follow=True)
    assert "Version 2 is signed; it holds from 2026-03-03." in words(answer.content.decode())
    assert policies.current().version == 1
    assert policies.in_force(day).policy.overdue.grace_days == 3
    assert "Signed by Shen Huaijin; it will hold from 2026-03-03." in words(read(signer, POLICY))
    verbs = list(AuditLine.objects.filter(stream="policy").order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["base.policy.draft-begun", "base.policy.proposed", "base.policy.signed"]
    answer = signer.post(f"{POLICY}versions/2/sign/")
    assert (answer.status_code, "is signed, so this cannot" in answer.content.decode()) == (422, True)


def test_whoever_proposed_does_not_sign_though_they_may(acme):
    both = books.person("both", "GENERAL_MANAGER", "FINANCE_MANAGER")
    policies.propose(rulebook.SHIPPED, by=both, effective_from=DAY)
    client = browse(both)
    assert "versions/2/sign/" not in read(client, f"{POLICY}versions/2/")
    answer = client.post(f"{POLICY}versions/2/sign/")
    assert (answer.status_code, "other side" in answer.content.decode()) == (422, True)


def test_a_draft_with_mistakes_is_not_proposed_and_says_which(drafting, manager):
    keep(drafting, "overdue", overdue__grace_days="soon")
    assert "overdue.grace_days" in words(read(drafting, f"{POLICY}draft/"))
    answer = drafting.post(f"{POLICY}draft/propose/", {"effective_from": DAY, "note": "x", "seen": "1"})
    assert (answer.status_code, "BAD" in answer.content.decode() or "mistakes" in answer.content.decode()) == (
        422,
        True,
    )
    with pytest.raises(policies.BadPolicy):
        policy_drafts.propose(by=manager, effective_from=DAY, note="", seen=1)
    assert PolicyDraft.objects.count() == 1


@pytest.fixture
def other_version(general):
    """Somebody else changes the grace for cash on delivery and the days of grace, and it is signed."""
    director = books.person("director", "SALES_DIRECTOR", name_en="Jiang Wang")

    def come(*, signed):
        document = policy_drafts.plain(1)
        document["overdue"] |= {"grace_days": 7, "cod_grace_days": 1}
        made = policies.propose(policy_drafts.toml(document), by=director, effective_from=DAY)
        return policies.sign(made.version, by=general) if signed else made

    return come


@pytest.mark.parametrize("signed", [True, False])
def test_what_came_meanwhile_is_shown_before_anything_is_proposed(drafting, manager, other_version, signed):
    keep(drafting, "overdue", overdue__grace_days="3")
    other_version(signed=signed)
    sent = {"effective_from": DAY, "note": "x", "seen": "1"}
    answer = drafting.post(f"{POLICY}draft/propose/", sent)
    page = words(answer.content.decode())
    assert answer.status_code == 422
    assert "The policy has moved on to version 2 meanwhile." in page
    assert "Days of grace 5 days 7 days 3 days" in page
    assert "Grace for cash on delivery 0 days 1 day unchanged" in page
    assert PolicyVersion.objects.count() == 2
    assert drafting.post(f"{POLICY}draft/propose/", {**sent, "seen": "2"}).status_code == 302


def test_what_was_signed_meanwhile_is_taken_over_where_nothing_else_was_written(drafting, manager, other_version):
    keep(drafting, "overdue", overdue__grace_days="3")
    other_version(signed=True)
    drafting.post(f"{POLICY}draft/together/")
    found = PolicyDraft.objects.get(author=manager)
    overdue = policy_drafts.document(found)["overdue"]
    assert (found.based_on, overdue["grace_days"], overdue["cod_grace_days"]) == (2, 3, 1)
    assert "1 rule is different." in words(read(drafting, f"{POLICY}draft/"))


def test_a_proposal_written_against_an_older_version_says_so(drafting, general, manager, other_version):
    document = policy_drafts.toml(policy_drafts.plain(1))
    policies.propose(document, by=manager, effective_from=DAY)
    other_version(signed=True)
    page = words(read(browse(general), f"{POLICY}versions/2/"))
    assert "It was written against version 1; version 3 was signed since." in page
    assert "Days of grace 7 days 5 days" in page


def test_a_proposal_is_withdrawn_with_a_reason_by_its_author_or_a_signer(drafting, general, manager):
    for by, client in ((manager, drafting), (general, browse(general))):
        made = policies.propose(rulebook.SHIPPED, by=manager, effective_from=DAY)
        where = f"{POLICY}versions/{made.version}/withdraw/"
        assert client.post(where, {"reason": " "}).status_code == 422
        client.post(where, {"reason": "not yet"})
        made.refresh_from_db()
        assert (made.status, made.withdrawn_by, made.withdrawn_note) == ("WITHDRAWN", by, "not yet")
        assert "never came into force" in words(read(client, f"{POLICY}versions/{made.version}/"))
        with pytest.raises(WrongState):
            policies.sign(made.version, by=general)
    assert policies.current().version == 1
    with pytest.raises(ReasonMissing):
        policies.withdraw(2, by=general, reason="")
    made = policies.propose(rulebook.SHIPPED, by=manager, effective_from=DAY)
    with pytest.raises(Refused):
        policies.withdraw(made.version, by=books.person("c", "SALES_DIRECTOR"), reason="x")


def test_an_earlier_version_comes_back_as_a_draft(drafting, manager, other_version):
    other_version(signed=True)
    keep(drafting, "overdue", overdue__grace_days="3")
    assert "The draft you have now is thrown away." in words(read(drafting, f"{POLICY}versions/1/return/"))
    drafting.post(f"{POLICY}versions/1/return/")
    found = PolicyDraft.objects.get(author=manager)
    assert (found.based_on, policy_drafts.document(found)["overdue"]["grace_days"]) == (2, 5)
    assert "Days of grace 7 days 5 days" in words(read(drafting, f"{POLICY}draft/"))
    drafting.post(f"{POLICY}draft/give-up/")
    assert not PolicyDraft.objects.exists()


def test_any_two_versions_are_compared(at, manager, other_version):
    other_version(signed=True)
    page = words(read(at, f"{POLICY}versions/1/", against="2"))
    assert "2 rules differ from version 2" in page
    assert "Days of grace 7 days 5 days" in page
    assert at.get(f"{POLICY}versions/1/", {"against": "9"}).status_code == 404
    assert "signed" in words(read(at, f"{POLICY}versions/"))


def test_steps_lead_from_one_document_to_the_other():
    old = {"a": {"x": 1, "y": 2}}
    new = {"a": {"x": 3, "z": [1]}}
    changes = policy_drafts.steps(old, new)
    assert policy_drafts.stepped(old, json.loads(json.dumps(changes))) == new
    assert old == {"a": {"x": 1, "y": 2}}


def test_who_may_not_propose_writes_nothing(acme):
    client = browse(books.person("auditor", "AUDITOR"))
    for path in ("draft/", "draft/begin/", "draft/overdue/", "draft/propose/", "draft/together/", "versions/1/return/"):
        assert client.post(f"{POLICY}{path}").status_code == 403, path
    with pytest.raises(Refused):
        policy_drafts.begin(by=books.person("x", "AUDITOR"))
    assert not PolicyDraft.objects.exists()


def test_every_kind_of_field_is_drawn_and_read_back():
    """Whatever the schema can say has a shape and an answer; a new kind must be taught to both."""
    document = rulebook.dump(rulebook.shipped())
    assert differences(document, document) == []
    for name in SECTIONS:
        node = Drawing(document, document, ()).section(name)
        assert node.shape
        assert all(one.shape for one in node.slots())
    assert Answer({}).read(SECTIONS["overdue"].kind, "overdue", document["overdue"]) == document["overdue"]
