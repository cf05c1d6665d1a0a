"""A changed, removed or slipped-in audit line is found."""

from xinheng.rules import chain


def lines(*contents):
    previous, result = chain.GENESIS, []
    for content in contents:
        previous = chain.fingerprint(previous, content)
        result.append((previous, content))
    return result


def test_a_whole_chain_has_no_break():
    assert chain.first_break(lines({"a": 1}, {"b": "信"}, {"c": None})) is None


def test_a_changed_line_is_named():
    whole = lines({"a": 1}, {"b": 2}, {"c": 3})
    whole[1] = (whole[1][0], {"b": 20})
    assert chain.first_break(whole) == 1


def test_a_removed_line_is_named():
    whole = lines({"a": 1}, {"b": 2}, {"c": 3})
    assert chain.first_break(whole[:1] + whole[2:]) == 1


def test_the_root_does_not_depend_on_the_order_of_heads():
    assert chain.root([("a", "1"), ("b", "2")]) == chain.root([("b", "2"), ("a", "1")]) != chain.root([("a", "1")])
