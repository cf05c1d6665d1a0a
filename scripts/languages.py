"""The message catalogues: compiled, brought up to date, or held against the sources; no gettext programs needed.

`--compile` writes the .mo files that Django reads; `--update` adds new messages to the .po files and drops those that
no source says any more; without a word it checks: every message of the sources has its text in each language,
placeholders agree, and nothing in a catalogue is left over. English is what the sources say, so its catalogue need not
exist, nor say anything.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "xinheng"
LOCALE = SOURCE / "site" / "locale"
LANGUAGES = ("zh_Hans", "en")
#: The language of the sources: a message without a text of its own is shown as it stands.
OWN = "en"
#: Header lines that would only name people, programs and moments.
HEADER_NOISE = re.compile(r'"(Project-Id|Report-|POT-Creation|PO-Revision|Last-Translator|Language-Team|Generated-By)')
KEYWORDS: dict[str, tuple | None] = {"_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None}
KEYWORDS |= dict.fromkeys(("ngettext", "ngettext_lazy", "ngettext_noop"), (1, 2))
KEYWORDS |= dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2))
KEYWORDS |= dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3))


def template_source(path: Path) -> str:
    """A template as the Python-like text Django itself makes of it before messages are looked for."""
    from django.conf import settings  # imported here: compiling catalogues must not wait for it
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=False)
    said = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    # What is left of the markup keeps its indentation, which means something in Python.
    return "\n".join(line.strip() for line in said.splitlines())


def messages() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    """(file, line, message, comments, context) of everything the sources say, in a stable order."""
    for path in sorted(
        [*SOURCE.rglob("*.py"), *SOURCE.rglob("templates/**/*.html"), *SOURCE.rglob("templates/**/*.txt")]
    ):
        text = path.read_text(encoding="utf-8") if path.suffix == ".py" else template_source(path)
        found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, comment_tags=("Translators:",))
        for line, message, comments, context in found:
            if message and message != ("", ""):
                yield path.relative_to(ROOT).as_posix(), line, message, comments, context


def template() -> Catalog:
    """What a complete catalogue has to say."""
    catalogue = Catalog(charset="utf-8")
    for file, _line, message, comments, context in messages():
        catalogue.add(message, locations=[(file, None)], auto_comments=comments, context=context)
    return catalogue


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string]


def named(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    where = message.locations[0][0] if message.locations else "?"
    return f"{where}: {text!r}" + (f" (context {message.context!r})" if message.context else "")


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sdrf]|%[sdrf]|\{\w*\}", text.replace("%%", "")))


def faults(language: str, wanted: Catalog) -> Iterator[str]:
    """What is missing, left over or broken in one language."""
    path = po_path(language)
    if not path.is_file():
        if language != OWN and len(wanted):
            yield f"{language}: no catalogue, {len(wanted)} messages have no text"
        return
    catalogue = read(path, language)
    for message in wanted:
        have = catalogue.get(message.id, message.context) if message.id else None
        if not message.id or (language == OWN and (have is None or not any(texts(have)))):
            continue
        if have is None or have.fuzzy or not all(texts(have)):
            yield f"{language}: no text for {named(message)}"
            continue
        allowed = set().union(
            *(placeholders(text) for text in ([message.id] if isinstance(message.id, str) else message.id))
        )
        for text in texts(have):
            if not placeholders(text) <= allowed:
                yield f"{language}: other placeholders than in {named(message)}: {text!r}"
    for message in catalogue:
        if message.id and wanted.get(message.id, message.context) is None:
            yield f"{language}: left over, no source says {named(message)}"


def check() -> int:
    wanted = template()
    found = [fault for language in LANGUAGES for fault in faults(language, wanted)]
    for fault in found:
        print(fault)
    print(f"{len(wanted)} messages, {len(found)} faults")
    return 1 if found else 0


def write(path: Path, catalogue: Catalog) -> None:
    """The catalogue in the order of the sources, so that a change shows as what it is."""
    catalogue.fuzzy = False
    catalogue.header_comment = f"# Xinheng 信衡: {catalogue.locale.get_display_name()}"
    text = io.BytesIO()
    write_po(text, catalogue, width=120, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    lines = [line for line in text.getvalue().decode().splitlines() if not HEADER_NOISE.match(line)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines).strip() + "\n", encoding="utf-8")


def update() -> int:
    wanted = template()
    for language in LANGUAGES:
        path = po_path(language)
        if not path.is_file() and language == OWN:
            continue
        catalogue = read(path, language) if path.is_file() else Catalog(locale=language, charset="utf-8")
        catalogue.update(wanted, no_fuzzy_matching=True)
        write(path, catalogue)
        empty = sum(1 for message in catalogue if message.id and not all(texts(message)))
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} messages, {empty} without a text")
    return 0


def compile_all() -> int:
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        catalogue = read(path, path.parent.parent.name)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
    return 0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    what = arguments.add_mutually_exclusive_group()
    what.add_argument("--compile", action="store_true", help="write the .mo files")
    what.add_argument("--update", action="store_true", help="bring the .po files up to date")
    chosen = arguments.parse_args()
    if chosen.compile:
        return compile_all()
    return update() if chosen.update else check()


if __name__ == "__main__":
    sys.exit(main())
