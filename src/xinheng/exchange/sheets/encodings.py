"""In which encoding a text is written: told for sure, or asked.

The same bytes are 客户 in one encoding and ¿Í»§ in another, and both can be stored without complaint.  So: a byte order
mark decides; else strict UTF-8, which other encodings fulfil only by accident; else the Chinese encodings are compared
by whether what comes out is Chinese as tables are written; Western European last.  What could be read two ways, or in
none, is refused with the readings, and the person says which is right.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xinheng.exchange.sheets.cells import shown
from xinheng.exchange.sheets.errors import BadEncodingName, EncodingUnclear, EndlessLine, NotATable
from xinheng.exchange.sheets.plausible import (
    CHINESE,
    HONG_KONG,
    TAIWAN,
    UTF8,
    WESTERN,
    chinese,
    is_western,
    may_be_chinese_by_accident,
    says_hanzi_in_utf8,
)
from xinheng.exchange.sheets.signatures import HEAD, refuse_binary

#: What may be named; each is a superset of what its usual names mean.
NAMED = {
    UTF8: "utf-8 utf8 utf-8-sig utf8-sig",
    "utf-16": "utf-16 utf16 unicode",
    "utf-16-le": "utf-16-le utf-16le utf16le",
    "utf-16-be": "utf-16-be utf-16be utf16be",
    CHINESE: "gb18030 gbk gb2312 cp936 936",
    TAIWAN: "big5 big-5 cp950 950",
    HONG_KONG: "big5hkscs big5-hkscs",
    WESTERN: "cp1252 windows-1252 1252 ansi latin1 latin-1 iso-8859-1",
    "iso8859-15": "iso-8859-15 latin9 latin-9",
    "cp1250": "cp1250 windows-1250 1250",
    "cp1251": "cp1251 windows-1251 1251",
    "cp932": "cp932 shift-jis shift_jis sjis 932",
    "euc_jp": "euc-jp eucjp",
    "cp949": "cp949 euc-kr euckr 949",
}
_BY_NAME = {name: codec for codec, names in NAMED.items() for name in names.split()}
_MARKS = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, which begins alike
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BLOCK = 1 << 20
#: Of lines that are not plain ASCII.
_SAMPLE = 65_536
_NOT_ASCII_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
#: At most this share of NUL bytes in a text that is not UTF-16 or UTF-32.
_NUL_SHARE_MAX = 0.2


@dataclass(frozen=True, slots=True)
class Encoding:
    """Python's name for it, and how many bytes its mark at the beginning takes."""

    codec: str
    mark: int = 0

    @property
    def name(self) -> str:
        """What people call it."""
        return NAMED.get(self.codec, self.codec).split()[0]


def named(name: str, path: Path) -> Encoding:
    """The encoding a person named; a byte order mark is skipped, and completes UTF-16.  Raises BadEncodingName."""
    codec = _BY_NAME.get(name.strip().lower().replace("_", "-"), _BY_NAME.get(name.strip().lower()))
    if codec is None:
        raise BadEncodingName(encoding=name, choices=[names.split()[0] for names in NAMED.values()])
    marked = _marked(_beginning(path))
    if marked is not None and (marked.codec == codec or (codec == "utf-16" and marked.codec.startswith("utf-16"))):
        return marked
    return Encoding("utf-16-le" if codec == "utf-16" else codec)


def encoding_of(path: Path) -> Encoding:
    """The encoding of a text file.  Raises EncodingUnclear, NotATable, EndlessLine."""
    head = _beginning(path)
    marked = _marked(head)
    if marked is not None:
        return marked
    _refuse_unmarked_wide(path, head)
    refuse_binary(path, head)
    start, sample = _sample(path)
    codec = judged(sample) if sample else UTF8
    if not codec:
        line = _line_at(path, start)
        raise EncodingUnclear(path=path.name, line=line, readings=_readings(sample[0], b"\n".join(sample)))
    return Encoding(codec)


def judged(sample: list[bytes]) -> str:
    """The codec of lines that are not plain ASCII; '' where it cannot be told."""
    data = b"\n".join(sample)
    are_utf8 = sum(map(_is_utf8, sample))
    if are_utf8 == len(sample):
        return "" if may_be_chinese_by_accident(data) else UTF8
    if any(map(says_hanzi_in_utf8, sample)):
        return UTF8  # and the line that breaks it is named when it comes
    found = chinese(data)
    if not found and is_western(data):
        found = WESTERN
    if not found and are_utf8 > len(sample) / 2:
        found = UTF8
    return found


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True


def _readings(line: bytes, data: bytes) -> list[str]:
    """The first such line in every encoding that fits all of them, for a person to see which is right."""
    found = []
    for codec in _candidates(data):
        try:
            data.decode(codec)
            found.append(f"{NAMED[codec].split()[0]}: {shown(line.decode(codec)[:60])}")
        except UnicodeDecodeError:
            continue
    return found


def _candidates(data: bytes) -> Iterator[str]:
    """Those that are usual here, and the one that the letters' frequencies speak for."""
    usual = (UTF8, CHINESE, TAIWAN, WESTERN)
    yield from usual
    from charset_normalizer import from_bytes

    others = [codec for codec in NAMED if codec not in usual and not codec.startswith("utf")]
    best = from_bytes(data, cp_isolation=others).best()
    if best is not None and best.encoding in NAMED:
        yield best.encoding


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _marked(head: bytes) -> Encoding | None:
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return Encoding(codec, len(mark))
    return None


def _refuse_unmarked_wide(path: Path, head: bytes) -> None:
    """Raise EncodingUnclear for UTF-16 without its mark: every other byte of a plain letter is NUL."""
    if head.count(0) <= len(head) * _NUL_SHARE_MAX:
        return
    high, low = head[0::2].count(0), head[1::2].count(0)
    codec = "utf-16-be" if high > low else "utf-16-le"
    try:
        text = head[: len(head) // 2 * 2].decode(codec)
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text or min(high, low) > max(high, low) / 10:
        raise NotATable(path=path.name, what="binary")
    raise EncodingUnclear(path=path.name, line=1, readings=[f"{codec}: {shown(text[:60])}"])


def _sample(path: Path) -> tuple[int, list[bytes]]:
    """The first lines that are not plain ASCII, and at which byte the first of them begins.  Raises EndlessLine."""
    before, rest, first, taken = 0, b"", 0, 0
    sample: list[bytes] = []
    with path.open("rb") as file:
        while taken < _SAMPLE:
            raw = file.read(_BLOCK)
            block = rest + raw
            cut = max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1 if raw else len(block)
            if len(block) - cut > 4 * _BLOCK:
                raise EndlessLine(path=path.name, line=_line_at(path, before + cut), most=_BLOCK)
            rest = block[cut:]
            for found in () if block.isascii() else _NOT_ASCII_LINE.finditer(block, 0, cut):
                first = first if sample else before + found.start()
                sample.append(found[0])
                taken += len(found[0])
                if taken >= _SAMPLE:
                    break
            before += cut
            if not raw:
                break
    return first, sample


def _line_at(path: Path, start: int) -> int:
    """The number of the line that begins at this byte."""
    count, before = 1, 0
    with path.open("rb") as file:
        while before < start:
            raw = file.read(min(_BLOCK, start - before))
            before += len(raw)
            if raw.endswith(b"\r") and before < start:  # perhaps half of an end
                raw += file.read(1)
                before += 1
            count += len(_END.findall(raw))
    return count


_END = re.compile(rb"\r\n|\r|\n")
