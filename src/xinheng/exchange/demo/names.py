"""Invented companies: a name in English and in Chinese for every real customer number.

The source knows customers by number only. Every name here is put together from a short list of words and says that
it is a demonstration where a legal name would say its country: "Alder Lane Gifts (Demo) Ltd",
"赤杨巷礼品（演示）有限公司". No two customers get the same one.
"""

from functools import cache

from .source import documents


def _pairs(words: str) -> tuple[tuple[str, str], ...]:
    """Pairs of an English and a Chinese word out of a list of both in turn."""
    both = words.split()
    return tuple(zip(both[::2], both[1::2], strict=True))


FIRST = _pairs("""
Alder 赤杨  Amber 琥珀  Ash 白蜡  Aspen 山杨  Birch 白桦  Bluebell 蓝铃  Bramble 黑莓  Cedar 雪松
Chestnut 栗树  Clover 三叶草  Copper 红铜  Coral 珊瑚  Crane 仙鹤  Dawn 晨曦  Elder 接骨木  Elm 榆树  Fern 蕨叶
Finch 燕雀  Foxglove 毛地黄  Hawthorn 山楂  Hazel 榛树  Heather 石楠  Heron 苍鹭  Holly 冬青  Ivory 象牙白
Ivy 常春藤  Jasper 碧玉  Juniper 杜松  Kestrel 红隼  Larch 落叶松  Lark 云雀  Lavender 薰衣草  Lilac 丁香
Linden 椴树  Maple 枫树  Marigold 金盏花  Meadow 草甸  Mulberry 桑树  Myrtle 桃金娘  Oak 橡树  Olive 橄榄
Opal 蛋白石  Otter 水獭  Pebble 卵石  Poppy 虞美人  Primrose 报春  Quince 榅桲  Robin 知更鸟  Rowan 花楸
Rush 灯芯草  Sable 紫貂  Silver 银  Sorrel 酸模  Starling 椋鸟  Swallow 燕子  Thistle 蓟花  Thyme 百里香
Violet 紫罗兰  Willow 柳树  Wren 鹪鹩  Yarrow 蓍草
""")
SECOND = _pairs("""
Lane 巷  Bridge 桥  Mill 磨坊  Hill 山  Court 苑  Field 原  Gate 门  House 府  Wharf 码头  Corner 角
Brook 溪  Park 园  Row 街  Well 泉  Yard 院  Barn 谷仓  Green 绿地
""")
TRADES = _pairs("""
Gifts 礼品  Homeware 家居用品  Trading 贸易  Stores 百货  Crafts 工艺品  Interiors 家饰  Toys 玩具
Stationery 文具  Wholesale 批发  Kitchenware 厨具  Living 生活用品
""")
# Legal form in English and the country in Chinese; the United Kingdom is home and is not named.
COUNTRIES = {
    "United Kingdom": ("Ltd", ""),
    "EIRE": ("Ltd", "爱尔兰"),
    "Channel Islands": ("Ltd", "海峡群岛"),
    "Germany": ("GmbH", "德国"),
    "Austria": ("GmbH", "奥地利"),
    "Switzerland": ("AG", "瑞士"),
    "France": ("SARL", "法国"),
    "Belgium": ("BVBA", "比利时"),
    "Netherlands": ("B.V.", "荷兰"),
    "Spain": ("S.L.", "西班牙"),
    "Portugal": ("Lda", "葡萄牙"),
    "Italy": ("S.r.l.", "意大利"),
    "Greece": ("EPE", "希腊"),
    "Cyprus": ("Ltd", "塞浦路斯"),
    "Malta": ("Ltd", "马耳他"),
    "Sweden": ("AB", "瑞典"),
    "Denmark": ("ApS", "丹麦"),
    "Norway": ("AS", "挪威"),
    "Finland": ("Oy", "芬兰"),
    "Iceland": ("ehf.", "冰岛"),
    "Lithuania": ("UAB", "立陶宛"),
    "Poland": ("Sp. z o.o.", "波兰"),
    "Australia": ("Pty Ltd", "澳大利亚"),
    "Japan": ("K.K.", "日本"),
    "Korea": ("Co., Ltd", "韩国"),
    "Singapore": ("Pte Ltd", "新加坡"),
    "Thailand": ("Co., Ltd", "泰国"),
    "USA": ("Inc.", "美国"),
    "Canada": ("Inc.", "加拿大"),
    "Brazil": ("Ltda", "巴西"),
    "West Indies": ("Ltd", "西印度群岛"),
    "Israel": ("Ltd", "以色列"),
    "United Arab Emirates": ("LLC", "阿联酋"),
    "Bahrain": ("WLL", "巴林"),
    "RSA": ("(Pty) Ltd", "南非"),
    "Nigeria": ("Ltd", "尼日利亚"),
    "Unspecified": ("Ltd", ""),
}
# Steps through all combinations without meeting one twice: it shares no factor with their number.
STRIDE = 4999


@cache
def _places() -> dict[str, int]:
    return {code: place for place, code in enumerate(sorted({document.customer for document in documents()}))}


def company_name(customer: str, country: str) -> tuple[str, str]:
    """The invented name of a customer of the extract in Chinese and in English.

    Raises:
        KeyError: the customer or the country is not in the extract.
    """
    place = _places()[customer] * STRIDE % (len(FIRST) * len(SECOND) * len(TRADES))
    place, trade = divmod(place, len(TRADES))
    first, second = divmod(place, len(SECOND))
    words = FIRST[first], SECOND[second], TRADES[trade]
    legal, land = COUNTRIES[country]
    chinese = "".join(zh for _, zh in words) + f"（{land}演示）有限公司"
    return chinese, f"{' '.join(en for en, _ in words)} (Demo) {legal}"
