"""Headings as finance desks write them: known without a mapping, told where nobody knows them, asked where unclear."""

import pytest

from xinheng.exchange import headings
from xinheng.exchange.headings import guess, match
from xinheng.exchange.known_headings import KINDS, ONE_OF
from xinheng.exchange.sheets import BadFile

#: kind, headings as a program writes them, field under each ("" for none).
FILES = {
    "sales invoices of a tax platform": (
        "invoices",
        "序号 发票代码 发票号码 数电票号码 购方编码 购方名称 开票日期 金额 税率 税额 价税合计 发票状态 是否正数发票",
        " fapiao_code number fapiao_number customer  issue_date net tax_rate tax amount status ",
    ),
    "receivables with a number of their own": (
        "invoices",
        "单据编号 客户编码 客户 日期 到期日 金额 税额 价税合计 币别 业务员 发票号码 订单编号",
        "number customer  issue_date due_date net tax amount currency salesperson fapiao_number order",
    ),
    "the amount alone": (
        "invoices",
        "发票号 客户代码 开票日期 金额(元) 账期 公司主体",
        "number customer issue_date amount term entity",
    ),
    "purchase invoices of small firms": (
        "invoices",
        "企业代号 发票号码 开票日期 销方单位代号 金额 税额 价税合计 发票状态",
        "customer number issue_date  net tax amount status",
    ),
    "in traditional script": (
        "invoices",
        "單據編號 客戶編號 發票日期 到期日 價稅合計 幣別",
        "number customer issue_date due_date amount currency",
    ),
    "in English": (
        "invoices",
        "Invoice_No. Customer-ID Invoice_Date Due_Date Total_Amount Currency_Code Sales_Rep",
        "number customer issue_date due_date amount currency salesperson",
    ),
    "customers": (
        "customers",
        "客户编码 客户名称 英文名称 统一社会信用代码 所属集团 分公司 业务员 币种 状态",
        "code name name_en tax_id group branch salesperson currency status",
    ),
    "lines": (
        "lines",
        "客户编号 信用额度 币种 账期（天） 生效日期 失效日期 临时额度 临时额度到期日",
        "customer limit currency term_days valid_from valid_until extra extra_until",
    ),
    "lines of groups": ("lines", "集团编码 授信额度 币别 账期", "group limit currency term_days"),
    "orders": (
        "orders",
        "销售订单号 客户编码 订单日期 价税合计 付款方式 预计发货日期 付款条件 业务员",
        "number customer date amount payment ship_date term salesperson",
    ),
    "deliveries": (
        "deliveries",
        "出库单号 订单号 客户编码 出库日期 金额 是否代销",
        "number order customer date amount consigned",
    ),
    "returns": ("returns", "退货单号 原发货单号 退货日期 退货金额", "number delivery date amount"),
    "receipts": (
        "receipts",
        "收款单号 客户编码 客户名称 收款日期 收款金额 结算方式 款项用途 银行流水号",
        "number customer  date amount method purpose ",
    ),
    "instruments": (
        "instruments",
        "票据号码 客户编码 票据类型 票面金额 收票日期 出票日期 到期日 承兑人 承兑人类型 票据状态",
        "number customer kind amount date  maturity  acceptor state",
    ),
    "rates": ("rates", "日期 原币 本位币 汇率", "date from to rate"),
    "entities": ("entities", "公司代码 公司名称", "code name"),
    "credit notes": (
        "credit-notes",
        "红字发票号码 客户编码 开票日期 价税合计 对应蓝字发票",
        "number customer date amount invoice",
    ),
    "allocations": (
        "allocations",
        "收款单号 发票号码 核销日期 本次核销金额 期次",
        "receipt invoice date amount instalment",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_headings_are_known_as_programs_write_them(name):
    kind, written, fields = FILES[name]
    found = written.split(" ")
    named = {field: place for place, field in enumerate(fields.split(" ")) if field}
    assert match(kind, found, {}).columns == named


@pytest.mark.parametrize("kind", KINDS)
def test_the_canonical_names_are_known_for_every_kind(kind):
    found = match(kind, headings.fields_of(kind), {})
    assert list(found.columns) == list(KINDS[kind])
    assert (found.unknown, found.warnings) == ((), [])


@pytest.mark.parametrize("kind", KINDS)
def test_every_spelling_is_known_and_none_is_sure_of_two_fields(kind):
    owners: dict[str, str] = {}
    for name, column in KINDS[kind].items():
        for spelling in column.spellings(name)[0]:
            assert headings._plain(spelling) == spelling
            assert owners.setdefault(spelling, name) == name, spelling
        for spellings in column.spellings(name)[1:]:
            for spelling in spellings:
                assert headings._plain(spelling) == spelling
                assert spelling not in column.spellings(name)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_with_all_columns_is_guessed_right(kind):
    assert guess(headings.fields_of(kind))[0] == kind


def test_nothing_is_guessed_from_headings_nobody_knows():
    assert guess(["colonne", "montant"]) == []


def test_headings_that_nobody_knows_are_told_and_left_alone():
    found = match("entities", ["code", "name", "备注", "", "行号"], {})
    assert found.unknown == ("备注",)
    assert [(one.line, one.column, one.code) for one in found.warnings] == [(1, "备注", "HEADING_UNKNOWN")]


def test_blanks_case_width_and_marks_do_not_matter():
    found = match("entities", ["ＣＯＤＥ *", "公司 名称："], {})
    assert found.columns == {"code": 0, "name": 1}


def test_a_mapping_goes_before_what_is_known():
    found = match("invoices", ["发票号码", "客户编码", "开票日期", "金额", "含税"], {"amount": "含税", "net": "金额"})
    assert found.columns == {"number": 0, "customer": 1, "issue_date": 2, "amount": 4, "net": 3}


def test_a_mapping_settles_two_headings_for_one_field():
    two = ["收款单号", "客户编码", "收款日期", "到账日期", "金额"]
    with pytest.raises(BadFile) as caught:
        match("receipts", two, {})
    assert (caught.value.code, caught.value.params["headings"]) == ("HEADING_SAME_FIELD", ["收款日期", "到账日期"])
    found = match("receipts", two, {"date": "到账日期"})
    assert (found.columns["date"], found.unknown) == (3, ("收款日期",))


def test_a_unit_that_changes_the_amount_is_not_overlooked():
    with pytest.raises(BadFile) as caught:
        match("invoices", ["发票号码", "客户编码", "开票日期", "金额(万元)"], {})
    assert caught.value.params["fields"] == ["amount"]


def test_an_amount_beside_its_tax_is_not_taken_for_the_whole():
    with pytest.raises(BadFile) as caught:
        match("invoices", ["发票号码", "客户编码", "开票日期", "金额", "税额"], {})
    assert caught.value.code == "COLUMN_MISSING"
    assert caught.value.params["fields"] == ["amount"]
    assert "价税合计" in caught.value.params["known"][0]


@pytest.mark.parametrize(
    ("kind", "found", "mapping", "code"),
    [
        ("entities", ["code", "name", "Code"], {}, "HEADING_TWICE"),
        ("entities", ["code", "公司编码", "name"], {}, "HEADING_SAME_FIELD"),
        ("entities", ["code", "name"], {"code": "number"}, "HEADING_ABSENT"),
        ("entities", ["code", "name"], {"amount": "name"}, "FIELD_UNKNOWN"),
        ("entities", ["code"], {}, "COLUMN_MISSING"),
        ("lines", ["limit", "currency", "term_days"], {}, "COLUMN_MISSING"),
        ("deliveries", ["number", "date", "amount"], {}, "COLUMN_MISSING"),
        ("invoices", ["发票号码", "客户编码", "开票日期", "价税合计", "作废标志"], {}, "HEADING_FLAG"),
        ("invoices", ["发票号码", "客户编码", "开票日期", "价税合计", "是否红字"], {}, "HEADING_FLAG"),
    ],
)
def test_what_is_unclear_is_refused(kind, found, mapping, code):
    with pytest.raises(BadFile) as caught:
        match(kind, found, mapping)
    assert caught.value.code == code


def test_a_flag_does_no_harm_beside_a_status():
    found = match("invoices", ["发票号码", "客户编码", "开票日期", "价税合计", "作废标志", "发票状态"], {})
    assert found.columns["status"] == 5


@pytest.mark.parametrize("kind", ONE_OF)
def test_one_of_two_columns_is_enough(kind):
    needed = [name for name, column in KINDS[kind].items() if column.required]
    for name in ONE_OF[kind]:
        assert name in match(kind, [*needed, name], {}).columns
