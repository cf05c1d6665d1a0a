"""The sign-ins that the demo company offers at its door."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.utils.translation import get_language

from xinheng.base import names
from xinheng.base.models import Company, User

register = template.Library()


@dataclass(frozen=True, slots=True)
class SignIn:
    """One demo person with the password that all of them share."""

    username: str
    password: str
    name: str
    role: str


@register.simple_tag
def demo_sign_ins() -> list[SignIn]:
    """One person for every role; nobody where the data are real."""
    company, kept = Company.objects.first(), settings.HOME / "demo-password"
    if company is None or not company.simulated or not kept.exists():
        return []
    from xinheng.exchange import demo

    language, password = get_language() or "zh", kept.read_text(encoding="ascii").strip()
    people = User.objects.filter(is_active=True).in_bulk(
        [one.username for one in demo.sign_ins()], field_name="username"
    )
    return [
        SignIn(
            one.username, password, names.bare(names.of(people[one.username], language)), names.role(one.role, language)
        )
        for one in demo.sign_ins()
        if one.username in people
    ]
