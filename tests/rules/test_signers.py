"""Who has to sign: any of several, all of them, or a number; people sign, not roles, and nobody for himself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.rules.signers import Missing, SignerKind, SignerRule, missing

ANY, ALL, N = SignerKind.ANY_OF, SignerKind.ALL_OF, SignerKind.N_OF
MANAGERS = SignerRule(ANY, ("GM", "FM", "SM"))
DIRECTORS = SignerRule(ALL, ("SD", "FD"))
TWO_OF_THREE = SignerRule(N, ("GM", "FM", "SM"), 2)


def count(rule, *signatures, **more):
    """How many signatures are still needed."""
    return missing(rule, signatures, **more).count


@pytest.mark.covers("LM-002")
@pytest.mark.parametrize(
    ("signatures", "needed"),
    [
        ([], 1),
        ([("ann", ["GM"])], 0),
        ([("ann", ["SM"])], 0),
        ([("ann", ["CLERK"])], 1),
        ([("ann", [])], 1),
        ([("ann", ["CLERK"]), ("ben", ["FM", "CLERK"])], 0),
    ],
)
def test_any_one_of_three_managers(signatures, needed):
    assert count(MANAGERS, *signatures) == needed


@pytest.mark.covers("OC-011")
@pytest.mark.parametrize(
    ("signatures", "needed"),
    [
        ([], 2),
        ([("ann", ["SD"])], 1),
        ([("ann", ["FD"])], 1),
        ([("ann", ["SD"]), ("ben", ["FD"])], 0),
        ([("ann", ["SD"]), ("ben", ["SD"])], 1),
        ([("ann", ["SD", "FD"])], 1),  # two hats, one signature
        ([("ann", ["SD"]), ("ann", ["FD"])], 1),
        ([("ann", ["SD", "FD"]), ("ben", ["SD"])], 0),  # whoever wears both takes the seat that is left
        ([("ben", ["SD"]), ("ann", ["SD", "FD"])], 0),
        ([("ann", ["SD", "FD"]), ("ben", ["FD"]), ("cy", ["GM"])], 0),
    ],
)
def test_both_directors_each_another_person(signatures, needed):
    assert count(DIRECTORS, *signatures) == needed


@pytest.mark.parametrize(
    ("signatures", "needed"),
    [
        ([], 2),
        ([("ann", ["GM", "FM", "SM"])], 1),
        ([("ann", ["GM"]), ("ben", ["GM"])], 0),
        ([("ann", ["GM"]), ("ben", ["CLERK"])], 1),
        ([("ann", ["GM"]), ("ben", ["FM"]), ("cy", ["SM"])], 0),
    ],
)
def test_a_number_of_different_persons(signatures, needed):
    assert count(TWO_OF_THREE, *signatures) == needed


@pytest.mark.covers("LM-002")
def test_nobody_signs_who_stands_on_the_other_side():
    assert count(MANAGERS, ("ann", ["GM"]), excluded={"ann"}) == 1
    assert count(DIRECTORS, ("ann", ["SD"]), ("ben", ["FD"]), excluded={"ben"}) == 1


def test_what_is_still_needed_names_roles_and_the_people_who_could_be_next():
    asked = [("ann", ["SD"]), ("ben", ["FD"]), ("cy", ["FD", "SD"]), ("dan", ["GM"])]
    assert missing(DIRECTORS, [("eve", ["SD"])], candidates=asked) == Missing(1, ("FD",), ("ben", "cy"))
    assert missing(DIRECTORS, [], candidates=asked) == Missing(2, ("SD", "FD"), ("ann", "ben", "cy"))
    assert missing(DIRECTORS, [], {"ben"}, asked).persons == ("ann", "cy")
    assert missing(DIRECTORS, [("eve", ["SD", "FD"])], candidates=asked).roles == ("SD", "FD")
    assert missing(DIRECTORS, [("ann", ["SD"]), ("ben", ["FD"])], candidates=asked) == Missing(0)


@given(
    st.sampled_from((MANAGERS, DIRECTORS, TWO_OF_THREE, SignerRule(ALL, ("GM", "FM", "SD", "FD")))),
    st.dictionaries(
        st.sampled_from("abcdef"), st.lists(st.sampled_from(("GM", "FM", "SM", "SD", "FD")), max_size=3), max_size=6
    ),
)
def test_the_order_of_signatures_does_not_matter_and_each_that_is_asked_for_brings_it_nearer(rule, people):
    signatures = list(people.items())
    needed = missing(rule, signatures)
    assert needed.count == missing(rule, signatures[::-1]).count
    for role in needed.roles:
        assert missing(rule, [*signatures, ("new", [role])]).count == needed.count - 1
    for place, one in enumerate(signatures):
        rest = signatures[:place] + signatures[place + 1 :]
        if one[0] in missing(rule, rest, candidates=[one]).persons:
            assert needed.count == missing(rule, rest).count - 1
