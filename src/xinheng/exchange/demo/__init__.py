"""The demo company: a real wholesaler's invoices, and around them an invented business that looks lived in.

Invoices and credit notes are real (Online Retail II, CC BY 4.0, see `data/SOURCE.md`) and keep their numbers. Names,
terms, lines, payments, orders, deliveries and staff are simulated by a seeded generator, and every simulated document
has a number that begins with SIM-. There is no database here: `batches` gives rows for the ordinary importer.
"""

from .company import Batch, Company, batches, company, csv_text, digest, files
from .people import BRANCHES, COMPANY, ENTITY, STAFF, Person, sign_ins, team_of
from .profiles import GROUPS
from .source import ATTRIBUTION, CITATION, DEFAULT_TODAY, EARLIEST_TODAY, LATEST_TODAY, SIMULATED_PREFIX

__all__ = [
    "ATTRIBUTION",
    "BRANCHES",
    "CITATION",
    "COMPANY",
    "DEFAULT_TODAY",
    "EARLIEST_TODAY",
    "ENTITY",
    "GROUPS",
    "LATEST_TODAY",
    "SIMULATED_PREFIX",
    "STAFF",
    "Batch",
    "Company",
    "Person",
    "batches",
    "company",
    "csv_text",
    "digest",
    "files",
    "sign_ins",
    "team_of",
]
