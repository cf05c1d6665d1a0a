"""Whether what comes out of a reading is Chinese as tables are written, or Western European beyond doubt.

The thresholds were found on company names, on texts of programs in both Chinese scripts and in a dozen other languages:
from five lines on a wrong encoding is hardly ever taken for a right one, and what is left in doubt is asked.
"""

import re

from xinheng.exchange.sheets.hanzi import COMMON

UTF8, CHINESE, TAIWAN, HONG_KONG, WESTERN = "utf-8", "gb18030", "cp950", "big5hkscs", "cp1252"
#: What one common character says for a reading, and any other against it.
_COMMON_SPEAKS, _OTHERS_SPEAK = 1.6, 0.8
#: At least this share of a reading by the mainland's standard is in its first part.
_FIRST_SHARE = 0.6
#: So much evidence, and so much more than for another encoding, decides.
_ENOUGH = 2.5


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


def chinese(data: bytes) -> str:
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


def is_western(data: bytes) -> bool:
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


def says_hanzi_in_utf8(line: bytes) -> bool:
    """Whether a line is UTF-8 with several common Chinese characters; in no other encoding do they come by accident."""
    try:
        text = line.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return sum(character in COMMON for character in text) > 2


def may_be_chinese_by_accident(data: bytes) -> bool:
    """Whether bytes that are UTF-8 are good Chinese as well, and in UTF-8 something else than Latin letters.

    Two bytes of GB 2312 can be one letter of another script in UTF-8, so a file with a single name can be both.
    """
    if not any("\u0180" <= character < "\u0800" for character in data.decode(UTF8)):
        return False
    try:
        return evidence(data.decode("gb2312"), CHINESE) >= 0
    except UnicodeDecodeError:
        return False
