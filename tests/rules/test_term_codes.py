"""Term codes: one canonical way to write each term, many ways to read it, and a clear place where reading stops."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.rules.terms import Base, Mode, Part, Roll, Rule, Span, Term, Unit, UnknownTerm, parse_term
from xinheng.rules.terms.model import KNOWN, STATEMENT_MODES, equal_parts

pytestmark = pytest.mark.covers("LM-010")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("30D", "30D"),
        ("30", "30D"),
        (" net 30 ", "30D"),
        ("NET30", "30D"),
        ("30天", "30D"),
        ("30 days", "30D"),
        ("３０Ｄ", "30D"),
        ("2m", "2M"),
        ("2个月", "2M"),
        ("1年", "12M"),
        ("1 year", "12M"),
        ("cod", "COD"),
        ("货到付款", "COD"),
        ("预付款", "PREPAID"),
        ("款到发货", "PREPAID"),
        ("Prepaid", "PREPAID"),
        ("现金", "CASH"),
        ("CASH", "CASH"),
        ("月结", "月结0"),
        ("月结30", "月结30"),
        ("月结 30 天", "月结30"),
        ("EOM 30", "月结30"),
        ("月结30 pay 10 cut 25", "月结30 cut 25 pay 10"),
        ("月结30天 截止25日 付款10日", "月结30 cut 25 pay 10"),
        ("月结30 cut 31", "月结30"),
        ("月结30 from delivery", "月结30 from DELIVERY"),
        ("季结30", "季结30"),
        ("quarterly 30", "季结30"),
        ("年结30", "年结30"),
        ("滚结", "滚结 1"),
        ("滚结2批", "滚结 2"),
        ("rolling 1 latest 60d", "滚结 1 latest 60D"),
        ("铺底", "铺底"),
        ("铺底 12个月", "铺底 12M"),
        ("铺底 至 2026-12-31", "铺底 until 2026-12-31"),
        ("float until 2026-12-31", "铺底 until 2026-12-31"),
        ("铺底 最迟2年", "铺底 latest 24M"),
        ("代销", "代销 0"),
        ("寄售30天", "代销 30"),
        ("签收后30D", "30D from ACCEPTANCE"),
        ("验收后30天", "30D from ACCEPTANCE"),
        ("发货后30天", "30D from DELIVERY"),
        ("对账后15天", "15D from STATEMENT"),
        ("月底后30天", "30D from MONTH_END"),
        ("开票后30天", "30D"),
        ("30D from INVOICE", "30D"),
        ("30D FROM ACCEPTANCE 最迟 90天", "30D from ACCEPTANCE latest 90D"),
        ("30D latest 90D from ACCEPTANCE", "30D from ACCEPTANCE latest 90D"),
        ("30% @ 0D + 70% @ 60D", "30%@0D+70%@60D"),
        ("30%预付+70%月结30", "30%@PREPAID+70%@月结30"),
        ("33.33%@30D+33.33%@60D+33.34%@90D", "33.33%@30D+33.33%@60D+33.34%@90D"),
        ("12.5%@0D+87.5%@30D", "12.5%@0D+87.5%@30D"),
        ("50%@30D+50%@60D", "2x30D"),
        ("50%@30D+50%@30D", "50%@30D+50%@30D"),
        ("50%@0D+50%@0D", "50%@0D+50%@0D"),
        ("100%@30D", "30D"),
        ("3x30D", "3x30D"),
        ("3×30天", "3x30D"),
        ("3 * 1M from DELIVERY", "3x1M from DELIVERY"),
        ("1x30D", "30D"),
        ("质保 10% 12M", "0D 质保 10% 12M"),
        ("30D 质保金5% 1年", "30D 质保 5% 12M"),
        ("90%@30D 质保 10% 12M", "30D 质保 10% 12M"),
        ("3x30D retention 10% 12M from ACCEPTANCE", "3x30D 质保 10% 12M from ACCEPTANCE"),
        ("30D roll=next", "30D roll=NEXT"),
        ("30D 顺延", "30D roll=NEXT"),
        ("30D roll = previous", "30D roll=PREVIOUS"),
        ("30D 提前", "30D roll=PREVIOUS"),
        ("30D roll=NONE", "30D"),
    ],
)
def test_a_code_is_read_and_written_in_one_way(text, canonical):
    term = parse_term(text)
    assert str(term) == canonical
    assert parse_term(canonical) == term


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 0, "EMPTY"),
        ("   ", 0, "EMPTY"),
        ("x", 0, "UNREADABLE"),
        ("信用", 0, "UNREADABLE"),
        ("30X", 2, "UNREADABLE"),
        ("2/10 NET 30", 1, "UNREADABLE"),
        ("-30D", 0, "UNREADABLE"),
        ("30.5D", 2, "UNREADABLE"),
        ("１e3", 1, "UNREADABLE"),
        ("COD30", 3, "UNREADABLE"),
        ("30D from", 4, "UNREADABLE"),
        ("30D from YESTERDAY", 4, "UNREADABLE"),
        ("30D from DELIVERYS", 4, "UNREADABLE"),
        ("签收后", 3, "UNREADABLE"),
        ("月结30 cut", 8, "UNREADABLE"),
        ("30D 质保 12M", 7, "UNREADABLE"),
        ("30%@30D+", 8, "UNREADABLE"),
        ("30%@30D+40D", 8, "UNREADABLE"),
        ("30D roll=UP", 4, "UNREADABLE"),
        ("30D roll=NEXT roll=NEXT", 14, "UNREADABLE"),
        ("3651D", 0, "OUT_OF_RANGE"),
        ("9999999D", 0, "OUT_OF_RANGE"),
        ("121M", 0, "OUT_OF_RANGE"),
        ("11年", 0, "OUT_OF_RANGE"),
        ("月结30 cut 0", 9, "OUT_OF_RANGE"),
        ("月结30 cut 32", 9, "OUT_OF_RANGE"),
        ("月结30 pay 32", 9, "OUT_OF_RANGE"),
        ("滚结 0", 3, "OUT_OF_RANGE"),
        ("滚结 100", 3, "OUT_OF_RANGE"),
        ("0x30D", 0, "OUT_OF_RANGE"),
        ("61x30D", 0, "OUT_OF_RANGE"),
        ("3x0D", 2, "OUT_OF_RANGE"),
        ("+".join(["1%@0D"] * 61), 365, "OUT_OF_RANGE"),
        ("60x90D", 3, "OUT_OF_RANGE"),
        ("13x10M", 3, "OUT_OF_RANGE"),
        ("0%@0D+100%@30D", 0, "OUT_OF_RANGE"),
        ("101%@30D", 0, "OUT_OF_RANGE"),
        ("质保 100% 12M", 3, "OUT_OF_RANGE"),
        ("铺底 until 2026-02-30", 9, "OUT_OF_RANGE"),
        ("+".join(["1%@30D"] * 61), 0, "OUT_OF_RANGE"),
        ("30D" + " " * 400, 400, "OUT_OF_RANGE"),
        ("30%@0D+60%@60D", 0, "SHARES"),
        ("40%@30D", 0, "SHARES"),
        ("100%@30D 质保 10% 12M", 0, "SHARES"),
        ("30D from DELIVERY from DELIVERY", 18, "TWICE"),
        ("签收后30D from DELIVERY", 7, "TWICE"),
        ("月结30 cut 25 cut 20", 12, "TWICE"),
        ("30D cut 25", 4, "NOT_HERE"),
        ("30D pay 10", 4, "NOT_HERE"),
        ("滚结 from DELIVERY", 3, "NOT_HERE"),
        ("铺底 12M latest 24M", 7, "NOT_HERE"),
        ("30D latest 60D", 4, "NOT_HERE"),
        ("30D latest 60D from MONTH_END", 4, "NOT_HERE"),
        ("月结30 from MONTH_END", 5, "NOT_HERE"),
    ],
)
def test_a_code_that_is_no_term_is_refused_where_reading_stops(text, position, reason):
    with pytest.raises(UnknownTerm) as refused:
        parse_term(text)
    assert (refused.value.code, refused.value.reason) == ("UNKNOWN_TERM", reason)
    if len(text) < 300:
        assert refused.value.position == position


SPANS = st.builds(Span, st.integers(0, 3650)) | st.builds(Span, st.integers(0, 120), st.just(Unit.MONTH))
LATEST = st.none() | SPANS
EVENTS = st.sampled_from([Base.DELIVERY, Base.ACCEPTANCE, Base.STATEMENT])
NET = st.builds(Rule, st.just(Mode.NET), SPANS, st.sampled_from(sorted(KNOWN))) | st.builds(
    Rule, st.just(Mode.NET), SPANS, EVENTS, latest=LATEST
)
DAYS = st.builds(Span, st.integers(0, 3650))
RULES = st.one_of(
    NET,
    st.sampled_from([Rule(Mode.CASH), Rule(Mode.COD, base=Base.DELIVERY), Rule(Mode.PREPAID)]),
    st.builds(Rule, st.sampled_from(sorted(STATEMENT_MODES)), DAYS, cut=st.integers(1, 31), pay=st.integers(0, 31)),
    st.builds(Rule, st.sampled_from(sorted(STATEMENT_MODES)), DAYS, EVENTS, st.integers(1, 31), latest=LATEST),
    st.builds(Rule, st.just(Mode.ROLLING), base=st.just(Base.NEXT_BATCH), batches=st.integers(1, 99), latest=LATEST),
    st.builds(Rule, st.just(Mode.CONSIGNMENT), DAYS, st.just(Base.SALE_REPORT), latest=LATEST),
    st.builds(Rule, st.just(Mode.FLOAT), until=st.dates(date(1000, 1, 1))),
    st.builds(Rule, st.just(Mode.FLOAT), SPANS),
    st.builds(Rule, st.just(Mode.FLOAT), base=st.just(Base.FLOAT_END), latest=LATEST),
)


@st.composite
def terms(draw):
    kept = draw(st.none() | st.integers(1, 5000))
    left = 10_000 - (kept or 0)
    if draw(st.booleans()):
        first = Rule(Mode.NET, Span(draw(st.integers(1, 60))), draw(EVENTS), latest=draw(LATEST))
        count = draw(st.integers(1, 60))
        parts = [Part(Fraction(left, 10_000) / count, rule) for rule in equal_parts(first, count)]
    else:
        cuts = sorted(draw(st.sets(st.integers(1, left - 1), max_size=4)))
        shares = [high - low for low, high in zip([0, *cuts], [*cuts, left], strict=True)]
        parts = [Part(Fraction(share, 10_000), draw(RULES)) for share in shares]
    if kept:
        parts.append(Part(Fraction(kept, 10_000), draw(NET), retention=True))
    return Term(tuple(parts), draw(st.sampled_from(Roll)))


@given(term=terms())
def test_what_is_written_is_read_back(term):
    assert parse_term(str(term)) == term


@given(
    text=st.text(max_size=40) | st.text("0123456789DM%@+x 月季年滚结铺底代销质保签收后cutpayfromlatest", max_size=40)
)
def test_no_text_breaks_the_reader(text):
    try:
        term = parse_term(text)
    except UnknownTerm as refused:
        assert 0 <= refused.position <= len(text)
    else:
        assert parse_term(str(term)) == term
        assert sum(part.share for part in term.parts) == 1
