"""Days as people and programs write them: read where a text says itself what it means, refused where it does not."""

import pytest

from xinheng.exchange import days
from xinheng.exchange.days import BadDateFormat, DateError, Days

READ = [
    ("2026-03-05", "2026-03-05"),
    ("2026/3/5", "2026-03-05"),
    ("2026.3.5", "2026-03-05"),
    ("20260305", "2026-03-05"),
    ("2026年3月5日", "2026-03-05"),
    ("2026年03月05号", "2026-03-05"),
    ("2026 年 3 月 5 日", "2026-03-05"),
    ("２０２６／０３／０５", "2026-03-05"),
    ("  2026-03-05\u3000", "2026-03-05"),
    ("2026-03-05 00:00:00", "2026-03-05"),
    ("2026-03-05T14:33:21", "2026-03-05"),
    ("2026-03-05T14:33:21.123", "2026-03-05"),
    ("2026/3/5 9:05", "2026-03-05"),
    ("2026/3/5 9:05 PM", "2026-03-05"),
    ("05-Mar-2026", "2026-03-05"),
    ("5 March 2026", "2026-03-05"),
    ("5th March 2026", "2026-03-05"),
    ("05MAR2026", "2026-03-05"),
    ("Mar 5, 2026", "2026-03-05"),
    ("March 5th, 2026", "2026-03-05"),
    ("Sept. 5, 2026", "2026-09-05"),
    ("2026-Mar-05", "2026-03-05"),
    ("25/3/2026", "2026-03-25"),
    ("3/25/2026", "2026-03-25"),
    ("25.03.2026", "2026-03-25"),
    ("5/5/2026", "2026-05-05"),
    ("25032026", "2026-03-25"),
    ("19122012", "2012-12-19"),
    ("20101112", "2010-11-12"),
    ("2024-02-29", "2024-02-29"),
    ("2000-02-29", "2000-02-29"),
    ("1900-01-01", "1900-01-01"),
    ("9999-12-31", "9999-12-31"),
]

REFUSED = [
    ("", "DATE_EMPTY"),
    ("\u3000 ", "DATE_EMPTY"),
    ("soon", "DATE_UNREADABLE"),
    ("#N/A", "DATE_UNREADABLE"),
    ("NaN", "DATE_UNREADABLE"),
    ("2026", "DATE_UNREADABLE"),
    ("2026-03", "DATE_UNREADABLE"),
    ("2026年3月", "DATE_UNREADABLE"),
    ("2026-03/05", "DATE_UNREADABLE"),
    ("2026--03-05", "DATE_UNREADABLE"),
    ("12026-03-05", "DATE_UNREADABLE"),
    ("-2026-03-05", "DATE_UNREADABLE"),
    ("2026-03-05T16:00:00Z", "DATE_UNREADABLE"),
    ("2026-03-05T16:00:00+08:00", "DATE_UNREADABLE"),
    ("2026-03-05 25:00", "DATE_UNREADABLE"),
    ("2026-03-05 10:61", "DATE_UNREADABLE"),
    ("5 Brumaire 2026", "DATE_UNREADABLE"),
    ("5 Marc 2026 or so", "DATE_UNREADABLE"),
    ("二〇二六年三月五日", "DATE_UNREADABLE"),
    ("٢٠٢٦-٠٣-٠٥", "DATE_UNREADABLE"),
    ("115/03/05", "DATE_UNREADABLE"),
    ("10:30:00", "DATE_UNREADABLE"),
    ("=TODAY()", "DATE_UNREADABLE"),
    ("2" * 5_000, "DATE_UNREADABLE"),
    ("2026-02-31", "DATE_NO_SUCH_DAY"),
    ("2026-02-29", "DATE_NO_SUCH_DAY"),
    ("1900-02-29", "DATE_NO_SUCH_DAY"),
    ("2026-13-01", "DATE_NO_SUCH_DAY"),
    ("2026-00-10", "DATE_NO_SUCH_DAY"),
    ("2026-04-31", "DATE_NO_SUCH_DAY"),
    ("20260231", "DATE_NO_SUCH_DAY"),
    ("31-Jun-2026", "DATE_NO_SUCH_DAY"),
    ("31/02/2026", "DATE_NO_SUCH_DAY"),
    ("13/13/2026", "DATE_NO_SUCH_DAY"),
    ("0000-00-00", "DATE_YEAR"),
    ("0026-03-05", "DATE_YEAR"),
    ("1026-03-05", "DATE_YEAR"),
    ("1899-12-31", "DATE_YEAR"),
    ("26-03-05", "DATE_SHORT_YEAR"),
    ("5/3/26", "DATE_SHORT_YEAR"),
    ("260305", "DATE_SHORT_YEAR"),
    ("26年3月5日", "DATE_SHORT_YEAR"),
    ("05-Mar-26", "DATE_SHORT_YEAR"),
    ("3/5/2026", "DATE_AMBIGUOUS"),
    ("03.05.2026", "DATE_AMBIGUOUS"),
    ("03052026", "DATE_AMBIGUOUS"),
    ("3-5-2026 00:00:00", "DATE_AMBIGUOUS"),
    ("46086", "DATE_SERIAL"),
    ("46086.5", "DATE_SERIAL"),
]

BY_FORMAT = [
    ("DMY", "3/5/2026", "2026-05-03"),
    ("dmy", "03.05.2026", "2026-05-03"),
    ("DMY", "03052026", "2026-05-03"),
    ("DMY", "2026-03-05", "2026-03-05"),
    ("MDY", "3/5/2026", "2026-03-05"),
    ("MDY", "20260305", "2026-03-05"),
    ("YMD", "2026/3/5", "2026-03-05"),
    ("YMD", "20101112", "2010-11-12"),
    ("%d/%m/%Y", "3/5/2026", "2026-05-03"),
    ("%d/%m/%Y", "2026-03-05", "2026-03-05"),
    ("%Y%d%m", "20260305", "2026-05-03"),
    ("%d%m%Y", "03052026", "2026-05-03"),
    ("%d-%b-%Y", "5-mar-2026", "2026-03-05"),
    ("%B %d %Y", "March 5 2026", "2026-03-05"),
    ("%Y年%m月%d日", "2026年3月5日", "2026-03-05"),
    ("%d/%m/%Y %H:%M", "3/5/2026 14:30", "2026-05-03"),
    ("%d/%m/%Y", "3/5/2026 14:30:00", "2026-05-03"),
    ("dd/mm/yyyy", "3/5/2026", "2026-05-03"),
    ("MM-DD-YYYY", "03-05-2026", "2026-03-05"),
    ("d mmm yyyy", "5 Mar 2026", "2026-03-05"),
]

REFUSED_BY_FORMAT = [
    ("DMY", "3/25/2026", "DATE_NO_SUCH_DAY"),
    ("MDY", "25/3/2026", "DATE_NO_SUCH_DAY"),
    ("YMD", "25/3/2026", "DATE_UNREADABLE"),
    ("YMD", "26/3/5", "DATE_SHORT_YEAR"),
    ("DMY", "3/5/26", "DATE_SHORT_YEAR"),
    ("%d/%m/%Y", "3.5.2026", "DATE_UNREADABLE"),
    ("%d/%m/%Y", "20260305", "DATE_UNREADABLE"),
    ("%d/%m/%Y", "31/2/2026", "DATE_NO_SUCH_DAY"),
    ("%d-%b-%Y", "5-xyz-2026", "DATE_UNREADABLE"),
]

NO_FORMATS = ("%d/%m/%y", "dd/mm/yy", "%d/%m", "%Y", "DYM", "%Y-%Y-%m-%d", "%q", "%", "%Y-%m-%b-%d", "date", "%d%d%m%Y")


@pytest.mark.parametrize(("text", "day"), READ)
def test_a_text_that_says_itself_what_it_means_is_read(text, day):
    assert Days().iso(text) == day


@pytest.mark.parametrize(("text", "code"), REFUSED, ids=[repr(text[:20]) for text, _ in REFUSED])
def test_whatever_could_be_wrong_is_refused_under_its_own_code(text, code):
    with pytest.raises(DateError) as caught:
        Days().iso(text)
    assert caught.value.code == code
    assert len(str(caught.value.params.get("date", ""))) <= days.TEXT_MAX


@pytest.mark.parametrize(("format", "text", "day"), BY_FORMAT)
def test_a_format_says_which_number_is_the_month(format, text, day):
    assert Days(format).iso(text) == day


@pytest.mark.parametrize(("format", "text", "code"), REFUSED_BY_FORMAT)
def test_a_format_is_taken_at_its_word(format, text, code):
    with pytest.raises(DateError) as caught:
        Days(format).iso(text)
    assert caught.value.code == code


@pytest.mark.parametrize("format", NO_FORMATS)
def test_a_format_without_a_whole_day_is_refused(format):
    with pytest.raises(BadDateFormat):
        Days(format)


def test_an_ambiguous_day_names_both_readings():
    with pytest.raises(DateError) as caught:
        Days().iso("3/5/2026")
    assert caught.value.params == {"date": "3/5/2026", "readings": ["2026-05-03", "2026-03-05"]}


def test_a_serial_number_names_the_day_it_stands_for():
    with pytest.raises(DateError) as caught:
        Days().iso("46086")
    assert caught.value.params["day"] == "2026-03-05"


def test_what_was_read_is_known_and_what_was_refused_is_not():
    reader = Days()
    reader.iso("2026/3/5")
    with pytest.raises(DateError):
        reader.iso("3/5/2026")
    assert reader.known == {"2026/3/5": "2026-03-05"}


def test_memory_does_not_grow_with_the_file(monkeypatch):
    monkeypatch.setattr(days, "KNOWN_MAX", 3)
    reader = Days()
    known = reader.known
    for second in range(10):
        reader.iso(f"2026-03-05 10:00:0{second}")
    assert reader.known is known
    assert len(known) <= 3
