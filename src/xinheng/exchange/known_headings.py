"""The headings that finance desks, accounting programs and tax platforms write over the columns of our files.

Spellings are plain: lower case, simplified characters, neither blanks nor marks.  ``sure`` ones mean the field and
nothing else; ``likely`` ones mean it where nothing surer stands beside them; ``last`` ones where the field they usually
mean is there already.  Left out is what would change the meaning: 万元, 本币金额, 中间价 (of a hundred units).
"""

from collections.abc import Collection
from dataclasses import dataclass

#: How sure a spelling can be; surer ones go first.
SURE, LIKELY, LAST = range(3)


@dataclass(frozen=True, slots=True)
class Column:
    """One canonical column.  ``unless`` are fields beside which the likely spellings mean something else."""

    sure: str = ""
    likely: str = ""
    last: str = ""
    required: bool = False
    unless: str = ""

    def spellings(self, name: str) -> tuple[frozenset[str], ...]:
        """Plain spellings by how sure they are; the canonical name is sure."""
        return (
            frozenset([name.replace("_", ""), *self.sure.split()]),
            frozenset(self.likely.split()),
            frozenset(self.last.split()),
        )

    def yields_to(self, taken: Collection[str]) -> bool:
        """Whether one of the fields is there beside which a likely spelling means something else."""
        return not set(self.unless.split()).isdisjoint(taken)


def _need(sure: str = "", likely: str = "", *, unless: str = "") -> Column:
    return Column(sure, likely, required=True, unless=unless)


_NUMBERS = "单据编号 单据号 单据号码 单号 编号 no docno documentno documentnumber"
_DATES = "日期 单据日期 业务日期 制单日期 docdate documentdate"
_SUMS = "金额 合计金额 总金额 合计 总额 原币金额 total totalamount"

CUSTOMER_CODES = (
    "客户编码 客户编号 客户代码 客户代号 客户号 客户id 往来单位编码 往来单位编号 往来单位代码 客商编码 客商编号 "
    "客商代码 购方编码 购方编号 购方代码 购方单位代号 购买方编码 customercode customernumber customerno customerid "
    "custcode custno custid clientcode clientid debtor debtorcode buyercode soldto"
)
_CUSTOMERS = "客户 往来单位 单位编码 单位编号 单位代码 企业代号 企业编号 企业代码 client buyer"
_CUSTOMER = _need(CUSTOMER_CODES, _CUSTOMERS)
_CUSTOMER_OR = Column(CUSTOMER_CODES, _CUSTOMERS)
_ENTITY = Column(
    "公司主体 主体 主体编码 主体代码 法人主体 核算主体 开票主体 销售主体 公司代码 账套 entitycode companycode "
    "legalentity"
)
_CURRENCY = Column("币种 币别 货币 币种代码 币种编码 货币代码 原币币种 currencycode ccy curr")
_SALESPERSON = Column(
    "业务员 业务人员 销售员 销售人员 销售代表 客户经理 营业员 salesrep salesman salesperson accountmanager", "负责人"
)
_TERM_WORDS = "付款条件 付款条款 收款条件 结算条件 账期条件 账期代码 paymentterm paymentterms terms"
_TERM = Column(_TERM_WORDS, "账期 信用期")
_ORDER = Column(
    "订单号 订单编号 订单号码 销售订单号 销售订单编号 来源订单号 关联订单号 orderno ordernumber orderid salesorder"
)
_INVOICE = Column(
    "发票号码 发票号 发票编号 应收单号 应收单编号 核销发票 核销发票号 对应发票 对应发票号 invoiceno invoicenumber "
    "invoiceid"
)
_DELIVERY_WORDS = (
    "发货单号 发货单编号 发货编号 出库单号 出库单编号 销售出库单号 送货单号 送货单编号 deliveryno deliverynumber "
    "deliverynote deliverynoteno deliverynotenumber shipmentno shipmentnumber"
)
_RECEIPT_WORDS = (
    "收款单号 收款单编号 收款编号 收款号 收款单据号 回款单号 到款单号 收据号 receiptno receiptnumber paymentnumber"
)
_GROUP_WORDS = "集团 集团编码 集团代码 集团编号 所属集团 集团客户 groupcode"

KINDS: dict[str, dict[str, Column]] = {
    "customers": {
        "code": _need(CUSTOMER_CODES, "编码 编号 代码 客户 number customer"),
        "name": _need(
            "客户名称 客户全称 客户名 客商名称 往来单位名称 单位名称 企业名称 公司名称 购方名称 customername "
            "companyname",
            "名称 全称 户名 客户简称 简称",
        ),
        "name_en": Column("英文名称 英文名 客户英文名称 外文名称 englishname"),
        "tax_id": Column(
            "税号 纳税人识别号 纳税识别号 统一社会信用代码 社会信用代码 信用代码 税务登记号 统一编号 taxnumber vat "
            "vatid "
            "vatnumber lei"
        ),
        "group": Column(_GROUP_WORDS),
        "branch": Column("分支机构 分公司 所属分公司 所属机构 办事处 branchcode", "大区 区域 部门"),
        "salesperson": _SALESPERSON,
        "currency": _CURRENCY,
        "status": Column("状态 客户状态 customerstatus"),
        "term": _TERM,
        "customer_class": Column("客户类别 客户分类 客户级别 class customercategory", "类别 分类"),
    },
    "lines": {
        "customer": _CUSTOMER_OR,
        "group": Column(_GROUP_WORDS),
        "limit": _need("信用额度 授信额度 信用限额 赊销额度 赊销限额 creditlimit creditline", "额度 授信"),
        "currency": Column(_CURRENCY.sure, required=True),
        "term_days": _need(
            "账期天数 账期天 账期日 信用天数 信用期天 信用期天数 信用期限天 赊销天数 付款天数 creditdays paymentdays",
            "账期 信用期 信用期限 赊销期 赊销期限",
        ),
        "term": Column(_TERM_WORDS),
        "valid_from": Column(
            "生效日期 生效日 有效期起 有效期自 有效期从 授信生效日 额度生效日期 effectivefrom",
            "起始日期 开始日期 启用日期 startdate",
        ),
        "valid_until": Column(
            "失效日期 失效日 有效期止 有效期至 有效期到 额度到期日 授信到期日 validto expirydate",
            "截止日期 结束日期 到期日 到期日期 enddate",
        ),
        "extra": Column("临时额度 临时授信 临时授信额度 临时增加额度 临时追加额度 temporarylimit temporaryincrease"),
        "extra_until": Column("临时额度到期日 临时额度到期日期 临时额度截止日期 临时额度有效期 临时额度有效期至"),
        "withdrawn": Column("停止授信 取消授信 撤销授信 是否停止授信"),
        "reason": Column("原因 理由 调整原因 授信原因"),
        "entity": _ENTITY,
    },
    "orders": {
        "number": _need(_ORDER.sure, _NUMBERS),
        "customer": _CUSTOMER,
        "date": _need("订单日期 下单日期 orderdate", _DATES),
        "amount": _need("价税合计 含税金额 订单金额 订单总额 ordertotal orderamount", _SUMS),
        "currency": _CURRENCY,
        "salesperson": _SALESPERSON,
        "ship_date": Column(
            "计划发货日期 预计发货日期 发货日期 要求交货日期 交货日期 交期 plannedshipdate requesteddate deliverydate"
        ),
        "payment": Column("付款方式 结算方式 收款方式 支付方式 付款类型 paymenttype"),
        "term": _TERM,
        "instrument": Column("结算工具 支付工具 付款工具 票据类型"),
        "entity": _ENTITY,
    },
    "deliveries": {
        "number": _need(_DELIVERY_WORDS, _NUMBERS),
        "date": _need("发货日期 出库日期 送货日期 deliverydate shipdate shippingdate", _DATES),
        "amount": _need("价税合计 含税金额 发货金额 出库金额 送货金额 deliveryamount", _SUMS),
        "order": _ORDER,
        "customer": _CUSTOMER_OR,
        "consigned": Column("代销 寄售 委托代销 是否代销 是否寄售 consignment"),
        "currency": _CURRENCY,
        "entity": _ENTITY,
    },
    "returns": {
        "number": _need("退货单号 退货单编号 退货编号 销退单号 returnno returnnumber rma", _NUMBERS),
        "delivery": _need(f"{_DELIVERY_WORDS} 原发货单号 原出库单号 原送货单号"),
        "date": _need("退货日期 returndate", _DATES),
        "amount": _need("价税合计 含税金额 退货金额 returnamount", _SUMS),
        "currency": _CURRENCY,
        "entity": _ENTITY,
    },
    "invoices": {
        "number": _need(
            "单据编号 单据号 单据号码 单号 内部编号 内部单号 应收单号 应收单编号 docno documentno documentnumber",
            "发票号码 发票号 发票编号 编号 no invoiceno invoicenumber invoiceid",
        ),
        "customer": _CUSTOMER,
        "issue_date": _need("开票日期 开具日期 发票日期 invoicedate", f"{_DATES} 立账日期 date"),
        "amount": _need(
            "价税合计 价税合计金额 含税金额 含税合计 含税总额 grossamount gross amountincludingtax amountincltax",
            f"{_SUMS} 发票金额 应收金额 invoiceamount invoicetotal",
            unless="net tax tax_rate",
        ),
        "due_date": Column(
            "到期日 到期日期 应收到期日 付款到期日 收款到期日 应付日期 应收日期 最迟付款日 付款期限 due paymentdue "
            "paymentduedate"
        ),
        "term": _TERM,
        "currency": _CURRENCY,
        "order": _ORDER,
        "delivery": Column(_DELIVERY_WORDS),
        "salesperson": _SALESPERSON,
        "instalment": Column("期次 期数 期号 分期 分期期次 付款期次 installment instalmentno installmentno"),
        "red_of": Column(
            "蓝字发票号码 蓝字发票号 对应蓝字发票 对应蓝字发票号码 原发票号码 原发票号 被红冲发票号码 "
            "被红冲蓝字数电票号码 "
            "originalinvoice originalinvoicenumber"
        ),
        "net": Column(
            "不含税金额 未税金额 无税金额 不含税合计 税前金额 netamount amountexcludingtax amountexcltax",
            last="金额 合计金额",
        ),
        "tax": Column("税额 合计税额 税金 增值税额 taxamount vatamount"),
        "tax_rate": Column("税率 征收率 税率征收率 vatrate"),
        "fapiao_code": Column("发票代码"),
        "fapiao_number": Column("数电票号码 数电发票号码 全电发票号码 全电票号码 电子发票号码", last="发票号码 发票号"),
        "status": Column("状态 发票状态 单据状态 发票标志 红蓝标志 蓝红标志 红蓝字 蓝红字 invoicestatus"),
        "entity": _ENTITY,
    },
    "receipts": {
        "number": _need(_RECEIPT_WORDS, f"{_NUMBERS} 流水号 银行流水号 交易流水号"),
        "customer": _CUSTOMER,
        "date": _need("收款日期 到账日期 回款日期 到款日期 receiptdate paymentdate", f"{_DATES} 入账日期 交易日期"),
        "amount": _need("收款金额 到账金额 回款金额 到款金额 实收金额 receivedamount", _SUMS),
        "currency": _CURRENCY,
        "method": Column("收款方式 结算方式 付款方式 支付方式 paymentmethod"),
        "purpose": Column("款项用途 用途 款项性质 收款用途 款项类型 收款类型"),
        "order": _ORDER,
        "salesperson": _SALESPERSON,
        "entity": _ENTITY,
    },
    "instruments": {
        "number": _need(
            "票据号 票据号码 票号 汇票号码 汇票号 支票号 支票号码 billno billnumber chequenumber checknumber", _NUMBERS
        ),
        "customer": _CUSTOMER,
        "kind": _need("票据类型 票据种类 票据类别 票种 billtype instrumenttype", "类型 种类 类别 type"),
        "amount": _need("票面金额 票据金额 faceamount", _SUMS),
        "date": _need("收票日期 收票日 收到日期 收到票据日期 receiveddate", f"{_DATES} 出票日期 出票日 issuedate"),
        "maturity": _need("到期日 到期日期 票据到期日 汇票到期日 maturitydate duedate"),
        "invoice": _INVOICE,
        "state": Column("状态 票据状态 status"),
        "acceptor": Column("承兑人类型 承兑人类别 承兑行类型 承兑类型", "承兑人 承兑行 承兑银行 承兑方"),
        "currency": _CURRENCY,
        "entity": _ENTITY,
    },
    "rates": {
        "date": _need("汇率日期 ratedate", "日期 生效日期"),
        "from": _need("源币种 源货币 原币 原币币种 外币 外币币种 fromcurrency basecurrency", "币种 币别 货币 currency"),
        "to": _need("目标币种 目标货币 本币 本位币 本币币种 tocurrency quotecurrency targetcurrency"),
        "rate": _need("汇率 折算汇率 记账汇率 exchangerate fxrate"),
    },
    "entities": {
        "code": _need("公司主体编码 主体编码 主体代码 公司编码 公司代码 法人编码", "编码 代码 编号 公司主体"),
        "name": _need("公司主体名称 主体名称 公司名称 法人名称", "名称 全称"),
    },
    "credit-notes": {
        "number": _need(
            "贷项单号 贷项通知单号 红字发票号码 红字发票号 红字单号 应收调整单号 调整单号 creditnoteno "
            "creditnotenumber creditmemono creditmemonumber",
            _NUMBERS,
        ),
        "customer": _CUSTOMER,
        "date": _need("贷项日期 调整日期 红字发票日期 creditnotedate", f"{_DATES} 开票日期"),
        "amount": _need("价税合计 含税金额 贷项金额 调整金额 冲减金额 creditamount", _SUMS),
        "currency": _CURRENCY,
        "invoice": Column(
            f"{_INVOICE.sure} 原发票号码 原发票号 蓝字发票号码 蓝字发票号 对应蓝字发票 冲减发票 冲减发票号 "
            "originalinvoice"
        ),
        "entity": _ENTITY,
    },
    "allocations": {
        "receipt": _need(f"{_RECEIPT_WORDS} 贷项单号", "流水号 银行流水号"),
        "invoice": _need(_INVOICE.sure),
        "date": _need("核销日期 allocationdate", "日期 收款日期"),
        "amount": _need("核销金额 本次核销金额 本次核销 allocatedamount appliedamount", "金额"),
        "instalment": Column("期次 期数 期号 分期 分期期次 installment"),
        "entity": _ENTITY,
    },
}

#: Of these at least one must be there.
ONE_OF = {"lines": ("customer", "group"), "deliveries": ("order", "customer")}

#: Headings that say yes or no to what a status would say in words.  Overlooked, a void invoice would be a debt.
FLAGS = {
    "invoices": frozenset(
        {"作废", "作废标志", "作废标识", "是否作废", "红字", "红字标志", "红字标识", "是否红字", "红冲标志", "是否红冲"}
        | {"冲红标志", "void", "isvoid", "voided", "cancelled", "iscancelled"}
    )
}

#: Headings that mean nothing to us and are no surprise.
IGNORED = frozenset({"序号", "行号", "行", "line", "lineno", "导入行号", "导入错误", "importline", "importerror"})

_TRADITIONAL = "戶編號碼稱簡團機構業務員銷門幣種狀態發開價稅額賬帳術單據備應銀匯證實際間時類數現預給約條總計產經濟貨訂"
_TRADITIONAL += "憑負責納識統會傳終訖兌貼區購買賣點項蓋紅藍廢標誌調減對關聯結賒銷額效無從徵別營幾"
_SIMPLIFIED = "户编号码称简团机构业务员销门币种状态发开价税额账账术单据备应银汇证实际间时类数现预给约条总计产经济货订"
_SIMPLIFIED += "凭负责纳识统会传终讫兑贴区购买卖点项盖红蓝废标志调减对关联结赊销额效无从征别营几"
SIMPLER = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
