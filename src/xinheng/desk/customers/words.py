"""What the customer file's codes are called, and how they are coloured."""

from django.utils.translation import pgettext_lazy

from xinheng.desk.customers.models import Customer

STATUS = {
    Customer.Status.ACTIVE: pgettext_lazy("customer", "Active"),
    Customer.Status.INACTIVE: pgettext_lazy("customer", "Inactive"),
}
STATUS_TONES = {Customer.Status.ACTIVE: "normal", Customer.Status.INACTIVE: "closed"}
