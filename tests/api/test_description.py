"""The description of the API: what is kept of it is what the API is, and the client written from it fits."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from scripts import api_client
from tests import books
from tests.api.asking import ROOT, Asking, schema
from tests.desk import money
from xinheng.base.api import keys
from xinheng.site.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def client_module():
    import importlib.util

    found = importlib.util.spec_from_file_location("xinheng_client", api_client.CLIENT)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


class TestKept:
    def test_the_description_is_the_one_that_is_kept(self):
        """Whoever changes the API sees it here: ``make client`` writes it anew."""
        assert api_client.described(schema()) == api_client.SCHEMA.read_text(encoding="utf-8")

    def test_the_client_written_again_is_the_same(self):
        assert api_client.client(schema()) == api_client.CLIENT.read_text(encoding="utf-8")

    def test_every_route_says_what_it_answers(self):
        for path, verbs in schema()["paths"].items():
            for verb, operation in verbs.items():
                assert {"401", "403", "422", "429"} <= operation["responses"].keys(), (verb, path)
                named = [one["name"] for one in operation["parameters"]]
                assert ("Idempotency-Key" in named) == (verb != "get"), (verb, path)

    def test_no_two_routes_bear_one_name(self):
        names = [one["operationId"] for verbs in schema()["paths"].values() for one in verbs.values()]
        assert len(names) == len(set(names))


class TestClient:
    @pytest.fixture
    def xinheng(self, client_module, ask):
        def send(method, address, headers, body):
            path = address.removeprefix("http://here")
            kind = headers.get("Content-Type", "application/json")
            answer = ask.client.generic(method, path, body or b"", content_type=kind, headers=headers)
            return answer.status_code, dict(answer.headers), answer.content

        secret = ask.headers["Authorization"].removeprefix("Bearer ")
        return client_module.Xinheng("http://here", token=secret, send=send)

    def test_an_order_goes_its_way(self, xinheng, client_module, line):
        for _ in range(2):  # sent twice, done once
            made = xinheng.enter_order(number="O/1", customer="A", amount="60", key="k")
        assert made["state"] == "ENTERED"
        assert xinheng.check_order("O/1")["verdict"] == "approved"
        xinheng.show_order("O/1")
        seen = xinheng.tag
        assert xinheng.change_order("O/1", amount="70", match=seen)["amount"] == "70.00"
        with pytest.raises(client_module.Refused, match="CHANGED_MEANWHILE"):
            xinheng.change_order("O/1", amount="80", match=seen)
        assert [one["order"] for one in xinheng.list_orders(state="approved", limit=1)["items"]] == ["O/1"]
        assert xinheng.show_exposure("A")["available"] == "30.00"

    def test_a_file_is_sent(self, xinheng, client_module, acme):
        clerk = Asking(books.person("clerk2", "SETTLEMENT_CLERK"))
        xinheng._headers["Authorization"] = clerk.headers["Authorization"]
        job = xinheng.import_file("receipts", file_name="r.csv", content=b"number\n1\n", dry_run=True)
        assert xinheng.show_job(job["job"])["arguments"]["options"] == {"dry_run": True, "file_name": "r.csv"}
        with pytest.raises(client_module.Refused, match="UNKNOWN"):
            xinheng.show_job(job["job"] + 1)


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: So many requests a route; a night may try more.
TRIES = int(os.environ.get("XINHENG_API_TRIES", "3"))


# A whole server's request ends with its connection; the transaction around a test on PostgreSQL would end with it.
@pytest.mark.sqlite
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda one: one.value)
def test_whatever_is_asked_is_answered_as_described(acme, line, mode, monkeypatch):
    """Every route with what its description allows and what it forbids: no fault, no answer that is not described."""
    monkeypatch.setattr(keys, "keep_pace", lambda *_about, **_more: None)
    roles = ("CONSOLE", "GENERAL_MANAGER", "FINANCE_DIRECTOR", "SALES_DIRECTOR")
    ask = Asking(books.person("everybody", *roles))
    ask.post("/orders", number="0", customer="A", amount="1")
    money.invoice(acme, "0", 5_00)
    money.receipt(acme, "0", 5_00)
    wrong, tried = [], 0
    for found in schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", application).get_all_operations():
        operation = found.ok()
        tried += 1
        try:
            _tried(operation, mode, ask.headers)
        except Exception as error:
            wrong.append((operation.label, str(error)[:800]))
    assert wrong == []
    assert tried == sum(map(len, schema()["paths"].values()))


def _tried(operation, mode, headers):
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=TRIES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def try_it(case):
        case.call_and_validate(headers=headers, checks=CHECKS)

    try:
        try_it()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "nothing can be asked"  # nothing is stated there that could be wrong
