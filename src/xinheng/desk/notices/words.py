"""What kinds of notice are called."""

from django.utils.translation import pgettext_lazy

from xinheng.rules.policy import NoticeKind

KINDS = {
    NoticeKind.ORDER_HELD: pgettext_lazy("notice", "Order held"),
    NoticeKind.GOODS_STOPPED: pgettext_lazy("notice", "Goods stopped"),
    NoticeKind.RELEASE_ASKED: pgettext_lazy("notice", "Release asked for"),
    NoticeKind.ORDER_FREED: pgettext_lazy("notice", "Order free"),
    NoticeKind.ORDER_REJECTED: pgettext_lazy("notice", "Order rejected"),
    NoticeKind.BREACH_BEGAN: pgettext_lazy("notice", "In breach"),
    NoticeKind.BREACH_ENDED: pgettext_lazy("notice", "Breach ended"),
    NoticeKind.HOLD_PLACED: pgettext_lazy("notice", "Customer frozen"),
    NoticeKind.HOLD_LIFTED: pgettext_lazy("notice", "Hold lifted"),
    NoticeKind.SHIPPED_UNRELEASED: pgettext_lazy("notice", "Shipped unreleased"),
}
TONES = {
    NoticeKind.ORDER_HELD: "bad",
    NoticeKind.GOODS_STOPPED: "bad",
    NoticeKind.RELEASE_ASKED: "watch",
    NoticeKind.ORDER_REJECTED: "closed",
    NoticeKind.BREACH_BEGAN: "bad",
    NoticeKind.HOLD_PLACED: "bad",
    NoticeKind.SHIPPED_UNRELEASED: "bad",
}
