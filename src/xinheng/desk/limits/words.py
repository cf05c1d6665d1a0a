"""What kinds of lines and holds are called."""

from django.utils.translation import pgettext_lazy

from xinheng.desk.limits.models import Hold, Line
from xinheng.desk.limits.queries import LineState
from xinheng.rules.policy import HoldKind

LINE_KINDS = {
    Line.Kind.AMOUNT: pgettext_lazy("line", "amount"),
    Line.Kind.UNLIMITED: pgettext_lazy("line", "unlimited"),
    Line.Kind.NONE: pgettext_lazy("line", "no credit"),
    Line.Kind.UNSET: pgettext_lazy("line", "not set"),
}
LINE_STATES = {
    LineState.IN_FORCE: pgettext_lazy("line", "in force"),
    LineState.NOT_BEGUN: pgettext_lazy("line", "not yet begun"),
    LineState.EXPIRED: pgettext_lazy("line", "expired"),
    LineState.WITHDRAWN: pgettext_lazy("line", "withdrawn"),
    LineState.REPLACED: pgettext_lazy("line", "replaced"),
}
LINE_STATE_TONES = {
    LineState.IN_FORCE: "normal",
    LineState.NOT_BEGUN: "closed",
    LineState.EXPIRED: "bad",
    LineState.WITHDRAWN: "bad",
    LineState.REPLACED: "closed",
}
HOLD_CAUSES = {
    HoldKind.MANUAL: pgettext_lazy("hold", "placed by hand"),
    HoldKind.BREACH: pgettext_lazy("hold", "debt in breach"),
    HoldKind.DELIVERY_STOP: pgettext_lazy("hold", "deliveries stopped"),
    HoldKind.WRITE_OFF: pgettext_lazy("hold", "bad debt written off"),
    HoldKind.DISHONOUR: pgettext_lazy("hold", "bill or cheque dishonoured"),
    HoldKind.COLLECTION: pgettext_lazy("hold", "collection"),
    HoldKind.WARNING: pgettext_lazy("hold", "warning sign"),
}
HOLD_SCOPES = {
    Hold.Scope.ALL: pgettext_lazy("hold", "orders and deliveries"),
    Hold.Scope.DELIVERIES: pgettext_lazy("hold", "deliveries only"),
}
