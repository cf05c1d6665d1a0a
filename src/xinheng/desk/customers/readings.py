"""How a Chinese name is read aloud, for people who type its pinyin or initials: 重庆长安 is chongqingchangan or cqca.

Many characters have several readings.  Words a dictionary knows are read right (重庆, 银行); surnames and made-up
company names are not, so a small table says what else people may mean, and a customer is found under each of these.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product
from unicodedata import normalize

#: As a surname: at the beginning of a name, or before 氏.
_SURNAMES = {
    "万俟": ("mo", "qi"),
    "尉迟": ("yu", "chi"),
    "单": ("shan",),
    "仇": ("qiu",),
    "佴": ("nai",),
    "区": ("ou",),
    "召": ("shao",),
    "句": ("gou",),
    "员": ("yun",),
    "折": ("she",),
    "曾": ("zeng",),
    "朴": ("piao",),
    "查": ("zha",),
    "洗": ("xian",),
    "盖": ("ge",),
    "祭": ("zhai",),
    "种": ("chong",),
    "秘": ("bi",),
    "繁": ("po",),
    "缪": ("miao",),
    "翟": ("zhai",),
    "覃": ("qin",),
    "解": ("xie",),
    "么": ("yao",),
    "黑": ("he",),
}
#: Anywhere in a name of the company's own making.
_OFTEN = {
    "乐": ("le", "yue"),
    "会": ("hui", "kuai"),
    "传": ("chuan", "zhuan"),
    "便": ("bian", "pian"),
    "六": ("liu", "lu"),
    "单": ("dan", "shan"),
    "厦": ("sha", "xia"),
    "参": ("shen", "can"),
    "埔": ("pu", "bu"),
    "晟": ("cheng", "sheng"),
    "朝": ("chao", "zhao"),
    "柏": ("bai", "bo"),
    "浚": ("jun", "xun"),
    "荥": ("xing", "ying"),
    "莘": ("xin", "shen"),
    "蔚": ("wei", "yu"),
    "藏": ("cang", "zang"),
    "行": ("hang", "xing"),
    "都": ("du", "dou"),
    "重": ("chong", "zhong"),
    "铅": ("qian", "yan"),
    "长": ("chang", "zhang"),
}
#: A name with many such characters is not read in every combination.
_READINGS_MAX = 16


def plain(text: str) -> str:
    """Text as it is compared: full-width letters and digits narrow, lower case, ü as it is typed."""
    return normalize("NFKC", text).lower().replace("ü", "v")


@lru_cache(maxsize=4096)
def readings(name: str) -> tuple[str, ...]:
    """The pinyin of a name and its initials, in every reading people may mean; empty for one without Chinese."""
    if not any("\u4e00" <= letter <= "\u9fff" for letter in name):
        return ()
    found: dict[str, None] = {}
    for syllables in islice(product(*_syllables(name)), _READINGS_MAX):
        found["".join(syllables)] = None
        found["".join(one[:1] for one in syllables)] = None
    return tuple(found)


def _syllables(name: str) -> Iterator[list[str]]:
    """For each letter of the name what it may be read as, the dictionary's reading first."""
    from pypinyin import lazy_pinyin

    letters = plain(name)
    usual = lazy_pinyin(letters, errors=list)
    surnames = dict(_surname_readings(letters))
    for place, (letter, syllable) in enumerate(zip(letters, usual, strict=True)):
        others = [*_OFTEN.get(letter, ()), *([surnames[place]] if place in surnames else [])]
        yield list(dict.fromkeys([syllable, *others]))


def _surname_readings(letters: str) -> Iterator[tuple[int, str]]:
    """(place, syllable) of the letters that are a surname here."""
    for surname, syllables in _SURNAMES.items():
        place = letters.find(surname)
        while place >= 0:
            if place == 0 or letters[place + len(surname) :].startswith("氏"):
                yield from enumerate(syllables, start=place)
            place = letters.find(surname, place + 1)
