"""Typing into the forms of the policy as a browser would send them."""

import re

from tests.site.visits import read

POLICY = "/settings/policy/"


def typed(client, section, row="", **changed):
    """What the form of a section would send, with some fields typed anew (``__`` stands for a dot)."""
    page = read(client, f"{POLICY}draft/{section}/", **({"row": row} if row else {}))
    form = page[page.index('class="policy-form"') :]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or "checked" in tag):
            sent.setdefault(name[1], []).append(value[1] if value else "")
    for name, inside in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        if not name.startswith("new:"):
            sent[name] = re.findall(r'value="([^"]*)" selected', inside) or re.findall(r'value="([^"]*)"', inside)[:1]
    return sent | {name.replace("__", "."): value for name, value in changed.items()}


def keep(client, section, row="", *, parts=True, **changed):
    """Type something into a section; the answer of the form."""
    where = f"{POLICY}draft/{section}/" + (f"?row={row}" if row else "")
    headers = {"HX-Request": "true"} if parts else {}
    return client.post(where, typed(client, section, row, **changed), headers=headers)
