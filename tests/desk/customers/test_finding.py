"""Customers are found by whatever a person types of them."""

import pytest

from tests import books
from xinheng.desk.customers.models import Customer
from xinheng.desk.customers.public import search, write_customers
from xinheng.desk.customers.readings import plain, readings

#: code → name, English name, tax id
FILE = {
    "00017": ("重庆长安汽车股份有限公司", "Chongqing Changan Automobile", "91500000202877566T"),
    "C2": ("单田芳书场", "", ""),
    "C3": ("长盛贸易", "Everwin Trading", "DE136695976"),
    "C4": ("厦门吕氏女装", "", ""),
    "C5": ("Müller & Söhne", "Mueller", ""),
}
#: typed → the codes found
TYPED = [
    ("00017", {"00017"}),
    ("17", {"00017"}),
    ("重庆", {"00017"}),
    ("长安 股份", {"00017"}),
    ("chongqing", {"00017"}),
    ("ChongQing changan", {"00017"}),
    ("cqcaqc", {"00017"}),
    ("202877566t", {"00017"}),
    ("shantianfang", {"C2"}),
    ("dantianfang", {"C2"}),
    ("stf", {"C2"}),
    ("changsheng", {"C3"}),
    ("zhangsheng", {"C3"}),
    ("everwin", {"C3"}),
    ("de1366", {"C3"}),
    ("xiamen lvshi", {"C4"}),
    ("lüshi", {"C4"}),
    ("ＭÜＬＬＥＲ", {"C5"}),
    ("mueller", {"C5"}),
    ("c", {"00017", "C2", "C3", "C4", "C5"}),
    ("%", set()),
    ("_", set()),
    ("nobody", set()),
]


@pytest.fixture
def file(db):
    write_customers(
        {"code": code, "name": name, "name_en": name_en, "tax_id": tax_id}
        for code, (name, name_en, tax_id) in FILE.items()
    )


@pytest.mark.parametrize(("typed", "codes"), TYPED, ids=[typed for typed, _ in TYPED])
def test_a_customer_is_found_by(file, typed, codes):
    assert {customer.code for customer in search(Customer.objects.all(), typed)} == codes


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("重庆银行", "chongqingyinhang"),
        ("单县化肥", "shanxianhuafei"),
        ("仇记食品", "qiujishipin"),
        ("曾国藩商行", "zengguofanshanghang"),
        ("北京区氏贸易", "beijingoushimaoyi"),
        ("查理服饰", "zhalifushi"),
        ("尉迟机械", "yuchijixie"),
        ("万俟钢铁", "moqigangtie"),
        ("行远物流", "xingyuanwuliu"),
        ("行远物流", "hangyuanwuliu"),
        ("重百商场", "chongbaishangchang"),
        ("乐清电器", "yueqingdianqi"),
        ("六安茶叶", "luanchaye"),
        ("朴氏电子", "ps"),
        ("ABC 重工", "abc zhonggong"),
    ],
)
def test_a_name_is_read(name, reading):
    said = readings(name)
    assert any(one.startswith(reading) for one in said), said


def test_a_surname_is_read_as_one_only_where_it_is_one():
    assert all("qiu" not in one for one in readings("复仇者影业"))


def test_a_name_full_of_characters_with_two_readings_is_read_in_a_bounded_number_of_ways():
    assert len(readings("长长长长长长长长长长")) <= 32


def test_a_name_without_chinese_has_no_reading():
    assert readings("Acme 4711") == ()


def test_full_width_and_capital_letters_are_the_same_to_a_search():
    assert plain("ＡＢＣ１２") == plain("abc12")


def test_a_changed_name_is_found_and_the_old_one_is_not(db):
    books.found()
    books.customer("A")
    write_customers([{"code": "A", "name": "渝新机械"}])
    assert search(Customer.objects.all(), "yuxin").exists()
    assert not search(Customer.objects.all(), "customer").exists()
