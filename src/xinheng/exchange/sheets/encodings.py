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
from xinheng.exchange.sheets.hanzi import COMMON
from xinheng.exchange.sheets.signatures import HEAD, refuse_binary

UTF8, CHINESE, TAIWAN, HONG_KONG, WESTERN = "utf-8", "gb18030", "cp950", "big5hkscs", "cp1252"
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
#: What one common character says for a reading, and any other against it.
_COMMON_SPEAKS, _OTHERS_SPEAK = 1.6, 0.8
#: At least this share of a reading by the mainland's standard is in its first part.
_FIRST_SHARE = 0.6
#: So much evidence, and so much more than for another encoding, decides.
_ENOUGH = 2.5
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
    line, sample = _sample(path)
    return Encoding(judged(sample, path=path, line=line) if sample else UTF8)


def judged(sample: list[bytes], *, path: Path, line: int) -> str:
    """The codec of lines that are not plain ASCII; ``line`` is where the first of them stands.

    Raises EncodingUnclear.
    """
    data = b"\n".join(sample)
    are_utf8 = sum(map(_is_utf8, sample))
    if are_utf8 == len(sample):
        if not _may_be_chinese_by_accident(data):
            return UTF8
        raise EncodingUnclear(path=path.name, line=line, readings=_readings(sample[0], data))
    if any(map(_says_hanzi_in_utf8, sample)):
        return UTF8  # and the line that breaks it is named when it comes
    found = _chinese(data)
    if not found and _is_western(data):
        found = WESTERN
    if not found and are_utf8 > len(sample) / 2:
        found = UTF8
    if not found:
        raise EncodingUnclear(path=path.name, line=line, readings=_readings(sample[0], data))
    return found


def evidence(text: str, codec: str) -> float:
    """How much speaks for a reading as Chinese: above 0 for, below 0 against it.

    A right reading has about 60 common characters in 100, a wrong one 12; each character counts by these odds.  A
    reading by the mainland's standard consists mostly of its first 3755 characters, a wrong one does not.
    """
    common = others = first = 0
    for character in text:
        if character < "\x80" or "\u3000" <= character <= "\u3020" or "\uff00" <= character <= "\uff5e":
            continue
        standard = _standard(character) if codec == CHINESE else ""
        first += standard == "first"
        if character in COMMON and (standard or codec != CHINESE):
            common += 1
        else:
            others += 1
    if codec == CHINESE and first < (common + others) * _FIRST_SHARE:
        return -1.0
    return common * _COMMON_SPEAKS - others * _OTHERS_SPEAK


def _standard(character: str) -> str:
    """Where in the mainland's old standard a character stands: "first" or "second" part, '' for not at all."""
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return ""
    return "first" if 0xB0 <= lead <= 0xD7 else "second"


def _chinese(data: bytes) -> str:
    """The Chinese encoding that makes Chinese of the bytes, '' for none."""
    found: dict[str, float] = {}
    for codec in (CHINESE, TAIWAN, HONG_KONG):
        if codec == HONG_KONG and TAIWAN in found:
            continue
        try:
            found[codec] = evidence(data.decode(codec), codec)
        except UnicodeDecodeError:
            continue
    ranks = sorted(((points, codec) for codec, points in found.items()), reverse=True)
    if not ranks or ranks[0][0] < _ENOUGH or (len(ranks) > 1 and ranks[0][0] - ranks[1][0] < _ENOUGH):
        return ""
    return ranks[0][1]


def _is_western(data: bytes) -> bool:
    """Whether the bytes are Western European beyond doubt."""
    try:
        text = data.decode(WESTERN)
    except UnicodeDecodeError:
        return False
    if _FOREIGN.search(text) or _CROWDED.search(text):
        return False
    left = _SURELY_WESTERN.sub("", text)
    doubtful = len(_SHARED.findall(left))
    return doubtful * 2 <= len(_SURELY_WESTERN.findall(text))


#: What does not occur in Western European names and amounts; Icelandic and Turkish letters share their bytes.
_FOREIGN = re.compile("[^\x00-\x7fÀ-ÏÑ-ÖØ-Üß-ïñ-öø-üŒœ€£¥§°·´’‘“”„–—…«»®™©ªº¡¿\u00a0²³½¼¾]")
#: Accented letters side by side, or signs where none belong: how Chinese and Polish look in this encoding.
_CROWDED = re.compile(
    r"(?!ää|öö|éé|öß|üß|çã|çõ)[À-ÖØ-öø-ÿ]{2}|[À-ÖØ-öø-ÿ]{3}|[À-ÖØ-öø-ÿ][£¥§°·´®©ªº¡¿²³½¼¾]"
    r"|[£¥§°·´®©ªº²³½¼¾][À-ÖØ-öø-ÿ]|[a-zÀ-ÿ][£¥§¡¿²³½¼¾ªº][a-zÀ-ÿ]|(?<![a-z0-9.])[ªº²³]",
    re.IGNORECASE,
)
#: Letters whose bytes are others in Central European (č, ř, ě …), and where they can only be Western.
_SHARED = re.compile("[ãæèêìïñòõøùûœ]", re.IGNORECASE)
_SURELY_WESTERN = re.compile(
    r"[àå]|ã(?=[oe])|õ(?=e)|ñ(?=[aeiouáéíóú])|è(?=[bcdfglmnprstv]{1,2}e|s\b)|ê(?=[tlv]|me|ch|nc)"
    r"|æ(?=[dglnrsv][a-zåø])|ø(?=[bdfgjklmnprstv])|û(?=[tlr])|(?<=[aeou])ï|œ(?=[ui])|\b(?:où|più|può|però|così)\b",
    re.IGNORECASE,
)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True


def _says_hanzi_in_utf8(line: bytes) -> bool:
    """Whether a line is UTF-8 with several common Chinese characters; in no other encoding do they come by accident."""
    try:
        text = line.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return sum(character in COMMON for character in text) > 2


def _may_be_chinese_by_accident(data: bytes) -> bool:
    """Whether bytes that are UTF-8 are good Chinese as well, and in UTF-8 something else than Latin letters.

    Two bytes of GB 2312 can be one letter of another script in UTF-8, so a file with a single name can be both.
    """
    if not any("\u0180" <= character < "\u0800" for character in data.decode(UTF8)):
        return False
    try:
        return evidence(data.decode("gb2312"), CHINESE) >= 0
    except UnicodeDecodeError:
        return False


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
    """The first lines that are not plain ASCII, and the number of the first of them.  Raises EndlessLine."""
    count, rest, first, taken = 0, b"", 0, 0
    sample: list[bytes] = []
    with path.open("rb") as file:
        while taken < _SAMPLE:
            raw = file.read(_BLOCK)
            block = rest + raw
            cut = max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1 if raw else len(block)
            block, rest = block[:cut], block[cut:]
            if len(rest) > 4 * _BLOCK:
                raise EndlessLine(path=path.name, line=count + 1, most=_BLOCK)
            if not block.isascii():
                for found in _NOT_ASCII_LINE.finditer(block):
                    first = first or count + 1 + len(_END.findall(block, 0, found.start()))
                    sample.append(found[0])
                    taken += len(found[0])
                    if taken >= _SAMPLE:
                        break
            if not first:
                count += block.count(b"\n") or block.count(b"\r")
            if not raw:
                break
    return first, sample


_END = re.compile(rb"\r\n|\r|\n")
