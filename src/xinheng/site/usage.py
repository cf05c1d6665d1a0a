"""Helps, and what is said of a command that was typed wrongly, in the reader's language: click's sentences, our words.

click asks Python's own gettext for its texts.  They stand below, so that the catalogue of this product has them, and
whoever reads Chinese is given that catalogue.  Before Django is there: a mistyped command must not wait for it.
"""

import gettext
import os
import re
from pathlib import Path
from weakref import WeakKeyDictionary

import click

_CATALOGUES = Path(__file__).parent / "locale"
_DOMAIN, _CHINESE, _NONE = "django", "zh_Hans", "messages"


def gettext_noop(said: str) -> str:
    """Noted for the catalogue; Django's own would read the settings."""
    return said


def ngettext_noop(one: str, many: str) -> tuple[str, str]:
    """Both forms, noted for the catalogue."""
    return one, many


def speak(language: str) -> None:
    """Let mistyped commands and helps be answered in ``language``, 'zh' or 'en'."""
    gettext.bindtextdomain(_DOMAIN, str(_CATALOGUES))
    gettext.textdomain(_NONE if language == "en" else _DOMAIN)
    if language != "en":
        os.environ["LANGUAGE"] = _CHINESE  # where Python's gettext looks first


#: A help says everything twice where it is written: in English, then in Chinese.
_BOTH = re.compile(r"(?P<en>.+?[.!?])\s+(?P<zh>[\u4e00-\u9fff“].*)", re.DOTALL)
_WRITTEN: WeakKeyDictionary[click.Command | click.Option, str] = WeakKeyDictionary()


def in_one_language(command: click.Command, language: str) -> None:
    """Let the help of a command and of all under it speak ``language`` alone, 'zh' or 'en'."""
    for one in (command, *(param for param in command.params if isinstance(param, click.Option))):
        written = _WRITTEN.setdefault(one, one.help or "")
        said = _BOTH.fullmatch(written)
        one.help = said[language] if said else written
    if command.help and language == "zh":  # click ends a short help after an English sentence
        command.short_help = command.help.split("。")[0] + "。"
    else:
        command.short_help = None
    if isinstance(command, click.Group):
        for under in command.commands.values():
            in_one_language(under, language)


SAID = (
    gettext_noop("Usage:"),
    gettext_noop("Options"),
    gettext_noop("Commands"),
    gettext_noop("default: {default}"),
    gettext_noop("Show this message and exit."),
    gettext_noop("Try '{command} {option}' for help."),
    gettext_noop("Error: {message}"),
    gettext_noop("Missing command."),
    gettext_noop("Missing argument"),
    gettext_noop("Missing option"),
    gettext_noop("Missing parameter"),
    gettext_noop("Missing parameter: {param_name}"),
    gettext_noop("No such option {name!r}."),
    gettext_noop("No such command {name!r}."),
    ngettext_noop("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ngettext_noop("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ngettext_noop("Takes {nargs} values but 1 was given.", "Takes {nargs} values but {len} were given."),
    ngettext_noop("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    gettext_noop("Option {name!r} does not take a value."),
    gettext_noop("Invalid value: {message}"),
    gettext_noop("Invalid value for {param_hint}: {message}"),
    gettext_noop("Choose from:\n\t{choices}"),
    ngettext_noop("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    gettext_noop("{value!r} is not a valid {number_type}."),
    gettext_noop("{value} is not in the range {range}."),
    gettext_noop("{value!r} is not a valid boolean. Recognized values: {states}"),
    gettext_noop("Aborted!"),
    gettext_noop("Repeat for confirmation"),
    gettext_noop("Error: The two entered values do not match."),
    gettext_noop("Error: invalid input"),
)
