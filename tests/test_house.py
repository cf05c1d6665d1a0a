"""The house keeps its shape: chapters meet at their public faces, keys point backward, the rule book stands alone."""

import sys
import tomllib
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.conf import settings

import xinheng

HOUSE = Path(xinheng.__file__).parent
PROJECT = HOUSE.parent.parent
DESK = "xinheng.desk"
#: A page longer than this is two pages (house style says 300).
LINES_MAX = 400
WRITTEN_BY_HAND = {".py", ".html", ".txt", ".js", ".css"}


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("xinheng", include_external_packages=True, cache_dir=None)


def chapter(module: str) -> str:
    return module.removeprefix(f"{DESK}.").split(".")[0]


def test_chapters_meet_only_at_their_public_faces(graph):
    trespass = [
        f"{importer} -> {imported}"
        for importer in sorted(graph.find_descendants(DESK))
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if imported.startswith(f"{DESK}.")
        and chapter(imported) != chapter(importer)
        and imported != f"{DESK}.{chapter(imported)}.public"
    ]
    assert trespass == []


def test_files_come_in_and_go_out_through_public_faces(graph):
    trespass = [
        f"{importer} -> {imported}"
        for importer in sorted({"xinheng.exchange"} | graph.find_descendants("xinheng.exchange"))
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if imported.startswith(f"{DESK}.") and imported != f"{DESK}.{chapter(imported)}.public"
    ]
    assert trespass == []


def test_foreign_keys_point_only_to_earlier_chapters():
    labels = [config.label for config in apps.get_app_configs() if config.name.startswith(f"{DESK}.")]
    book = {label: position for position, label in enumerate(labels)}
    forward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for label in labels
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if book.get(field.related_model._meta.app_label, -1) > book[label]
    ]
    assert forward == []


def test_the_import_contract_lists_the_chapters_in_book_order():
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = [contract["layers"] for contract in contracts if contract.get("containers") == [DESK]]
    installed = [app.removeprefix(f"{DESK}.") for app in settings.INSTALLED_APPS if app.startswith(f"{DESK}.")]
    assert [layer.strip("()") for layer in reversed(layers)] == installed


def test_the_rule_book_needs_nothing_but_the_standard_library(graph):
    foreign = [
        f"{importer} -> {imported}"
        for importer in sorted({"xinheng.rules"} | graph.find_descendants("xinheng.rules"))
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if not imported.startswith("xinheng.rules") and imported not in sys.stdlib_module_names
    ]
    assert foreign == []


def test_no_page_is_too_long_to_read():
    pages = (path for path in HOUSE.rglob("*") if path.suffix in WRITTEN_BY_HAND)
    long = {
        path.relative_to(HOUSE).as_posix(): lines
        for path in pages
        if not {"migrations", "vendor"} & set(path.parts)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LINES_MAX
    }
    assert long == {}
