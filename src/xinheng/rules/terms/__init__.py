"""Terms: when a customer has to pay, in the words a contract uses.

A term is a short code on a credit line, an order or an invoice: ``30D``, ``月结30 cut 25 pay 10``, ``30%@0D+70%@60D``,
``签收后30D``.  ``text.py`` reads such codes, ``model.py`` says what a term is, ``due.py`` derives due dates from it.
"""

from xinheng.rules.terms.due import BaseDateMissing, Instalment, PartKind, due_dates, term_days_max
from xinheng.rules.terms.model import KNOWN, TOLD, Base, Mode, Part, Roll, Rule, Span, Term, Unit
from xinheng.rules.terms.text import UnknownTerm, parse_term

__all__ = [
    "KNOWN",
    "TOLD",
    "Base",
    "BaseDateMissing",
    "Instalment",
    "Mode",
    "Part",
    "PartKind",
    "Roll",
    "Rule",
    "Span",
    "Term",
    "Unit",
    "UnknownTerm",
    "due_dates",
    "parse_term",
    "term_days_max",
]
