"""Names, icons and addresses of documents and components."""

from django import template
from django.urls import reverse

from xinheng.desk.exposure import words
from xinheng.desk.exposure.models import Document
from xinheng.rules.road import Kind

register = template.Library()
register.filter("kind_name", words.kind)
register.filter("component_name", words.component)
register.filter("nature_name", words.nature)


@register.filter
def kind_icon(value: int) -> str:
    """The drawing that stands for a kind of document."""
    return words.KIND_ICONS.get(Kind(value), "file-text")


@register.simple_tag
def document_address(document: Document) -> str:
    """Where a document is shown: an order with its decision, anything else with its movements."""
    return address_of(document.kind, document.pk)


@register.simple_tag
def address_of(kind: int, pk: int) -> str:
    """The same for a document known by kind and id."""
    return reverse("control:order" if kind == Kind.ORDER else "document", args=[pk])
