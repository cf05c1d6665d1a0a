"""Who works at the demo company: one sign-in for every role, and three teams of salespeople with their customers.

All of them are invented. Salespeople carry the code that stands on their customers and documents; a supervisor sees
the team, a branch manager the branch, head office everything.
"""

from dataclasses import dataclass

ENTITY = "MAIN"
COMPANY = {"zh": "信衡演示礼品批发公司", "en": "Xinheng Demo Gift Wholesale"}
BRANCHES = {
    "LON": {"zh": "伦敦总部", "en": "Head office London"},
    "NTH": {"zh": "北方分部", "en": "North"},
    "OVS": {"zh": "海外部", "en": "Overseas"},
}


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff. `code` stands on customers and orders; `supervisor` is a user name or empty."""

    username: str
    role: str
    name_zh: str
    name_en: str
    branch: str
    supervisor: str = ""
    code: str = ""


STAFF = (
    Person("admin", "ADMINISTRATOR", "系统管理员 陆远", "Lu Yuan", "LON"),
    Person("gm", "GENERAL_MANAGER", "总经理 沈怀瑾", "Shen Huaijin", "LON"),
    Person("finance.director", "FINANCE_DIRECTOR", "财务总监 顾清如", "Gu Qingru", "LON", "gm"),
    Person("finance.manager", "FINANCE_MANAGER", "财务经理 何立", "He Li", "LON", "finance.director"),
    Person("credit.admin", "CREDIT_ADMINISTRATOR", "信用管理员 苏敏", "Su Min", "LON", "finance.manager"),
    Person("credit.checker", "CREDIT_CHECKER", "信用审核员 唐越", "Tang Yue", "LON", "finance.manager"),
    Person("settlement", "SETTLEMENT_CLERK", "结算员 白宁", "Bai Ning", "LON", "finance.manager"),
    Person("auditor", "AUDITOR", "审计 温如一", "Wen Ruyi", "LON"),
    Person("sales.director", "SALES_DIRECTOR", "销售总监 江望", "Jiang Wang", "LON", "gm"),
    Person("sales.manager", "SALES_MANAGER", "销售经理 方圆", "Fang Yuan", "LON", "sales.director"),
    Person("warehouse", "WAREHOUSE", "仓储 石磊", "Shi Lei", "LON", "sales.manager"),
    Person("supervisor", "SALES_SUPERVISOR", "伦敦主任 陈舟", "Chen Zhou", "LON", "sales.manager"),
    Person("supervisor.north", "SALES_SUPERVISOR", "北方主任 罗青", "Luo Qing", "NTH", "sales.manager"),
    Person("supervisor.overseas", "SALES_SUPERVISOR", "海外主任 叶澜", "Ye Lan", "OVS", "sales.manager"),
    Person("sales", "SALESPERSON", "业务员 林晓", "Lin Xiao", "LON", "supervisor", "S01"),
    Person("s02", "SALESPERSON", "业务员 韩冬", "Han Dong", "LON", "supervisor", "S02"),
    Person("s03", "SALESPERSON", "业务员 宋佳", "Song Jia", "LON", "supervisor", "S03"),
    Person("s04", "SALESPERSON", "业务员 杜衡", "Du Heng", "NTH", "supervisor.north", "S04"),
    Person("s05", "SALESPERSON", "业务员 秦雨", "Qin Yu", "NTH", "supervisor.north", "S05"),
    Person("s06", "SALESPERSON", "业务员 高原", "Gao Yuan", "NTH", "supervisor.north", "S06"),
    Person("s07", "SALESPERSON", "业务员 孟川", "Meng Chuan", "OVS", "supervisor.overseas", "S07"),
    Person("s08", "SALESPERSON", "业务员 乔安", "Qiao An", "OVS", "supervisor.overseas", "S08"),
    Person("s09", "SALESPERSON", "业务员 许诺", "Xu Nuo", "OVS", "supervisor.overseas", "S09"),
)

# Customers abroad belong to the overseas team by country; whoever is not named here has the rest of the world.
OVERSEAS = {
    "S07": ("EIRE", "Netherlands", "Channel Islands", "Belgium", "Denmark", "Sweden", "Norway", "Finland", "Iceland"),
    "S08": ("Germany", "Austria", "Switzerland", "Poland", "Lithuania", "Italy", "Greece", "Cyprus", "Malta"),
}
REST_OF_THE_WORLD = "S09"


def sign_ins() -> tuple[Person, ...]:
    """The first person of every role, in the order of `STAFF`: what `make run` prints."""
    first: dict[str, Person] = {}
    for person in STAFF:
        first.setdefault(person.role, person)
    return tuple(first.values())


def team_of(supervisor: str) -> tuple[Person, ...]:
    """The salespeople who report to this user name."""
    return tuple(person for person in STAFF if person.supervisor == supervisor and person.code)


def salespeople(branch: str) -> tuple[str, ...]:
    """Codes of the salespeople of a branch."""
    return tuple(person.code for person in STAFF if person.branch == branch and person.code)


def overseas_salesperson(country: str) -> str:
    """The code of whoever serves a country other than the United Kingdom."""
    return next((code for code, countries in OVERSEAS.items() if country in countries), REST_OF_THE_WORLD)
