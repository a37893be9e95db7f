"""The push channel on a real server: the door, the headers, what each answer means."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from backend.channels.contract import Done, Down, Failed, Outcome, Pause, Retry, Uncertain
from backend.channels.http_push import mapping
from backend.channels.http_push.handlers import HttpPush
from backend.channels.http_push.models import AnswerRule, AnswerRules, Destination
from backend.channels.http_push.replies import outcome, retry_after
from backend.channels.http_push.signature import headers
from backend.core.addresses import BadAddress
from backend.core.errors import LostLease
from backend.core.http import BODY_MAX, Answer, HttpDoor, NotSent
from tests.support.buyer_api import BuyerApi, buyer_api
from tests.unit.test_addresses import URLS

NOW = datetime(2026, 3, 11, 9, tzinfo=UTC)
LEAD = {"id": "d1", "nom": "Durand", "prenom": "Zoé", "telephone": "0199000001", "phone": "+33199000001", "email": "",
        "departement": "75", "proprietaire": "oui", "type_logement": "", "produit": "PV", "entity": "ZR7",
        "date": "2026-03-11"}  # fmt: skip
HERE = ["http://127.0.0.1:{port}/", "https://127.0.0.1:{port}/", "http://localhost:{port}/", "http://0x7f.1:{port}/",
        "http://2130706433:{port}/", "https://[::ffff:127.0.0.1]:{port}/"]  # fmt: skip


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BuyerApi]:
    async with buyer_api() as server:
        yield server


class Journal:
    """Counts, and notes how many calls the server had read when it was written."""

    def __init__(self, api: BuyerApi, error: Exception | None = None) -> None:
        self.seen: list[int] = []
        self._api = api
        self._error = error

    async def __call__(self) -> None:
        self.seen.append(len(self._api.calls))
        if self._error:
            raise self._error


async def push(
    api: BuyerApi,
    journal: Journal | None = None,
    *,
    url: str = "",
    loopback: bool = True,
    total: float = 30.0,
    **given: Any,
) -> Outcome:
    to = Destination(url=url or api.url, **given)

    async def find(_row: dict[str, Any]) -> Destination:
        return to

    channel = HttpPush(HttpDoor(loopback=loopback, total=total), find)
    row = {"id": "batch:b1:http:d1", "client_id": "c1", "payload": {"body": mapping.body({}, LEAD)}}
    return await channel(row, journal or Journal(api))


async def test_a_call_is_journaled_connected_and_before_its_first_byte(api: BuyerApi) -> None:
    journal = Journal(api)
    assert await push(api, journal) == Done('200 {"status": "ok"}')
    assert (journal.seen, len(api.calls)) == ([0], 1)
    [call] = api.calls
    assert (call.path, call.key, call.headers["host"]) == ("/leads", "batch:b1:http:d1", f"127.0.0.1:{api.port}")
    assert call.json["telephone"] == "0199000001" and call.json["prenom"] == "Zoé"


async def test_a_lost_lease_stops_the_call_before_its_first_byte(api: BuyerApi) -> None:
    with pytest.raises(LostLease):
        await push(api, Journal(api, LostLease("x")))
    assert not api.calls


@pytest.mark.parametrize("fault", ["hang", "drop"])
@pytest.mark.parametrize(("idempotent", "expected"), [(True, Retry), (False, Uncertain)])
async def test_no_answer_is_repeated_only_when_it_counts_once(
    api: BuyerApi, fault: Any, idempotent: bool, expected: type[Outcome]
) -> None:
    api.answer = lambda _: fault
    assert isinstance(await push(api, idempotent=idempotent, total=1.0), expected)
    assert len(api.calls) == 1


async def test_what_never_left_is_tried_again(api: BuyerApi) -> None:
    journal = Journal(api)
    assert isinstance(await push(api, journal, url="http://127.0.0.1:1/"), Down)  # connection refused
    assert isinstance(await push(api, journal, url=api.url.replace("http:", "https:"), total=1.0), Down)  # no TLS there
    assert journal.seen == [] and not api.calls


async def test_a_redirect_is_not_followed(api: BuyerApi) -> None:
    api.answer = lambda _: (302, "", {"Location": api.url + "/other"})
    assert isinstance(await push(api), Failed)
    assert len(api.calls) == 1


async def test_a_long_answer_is_cut(api: BuyerApi) -> None:
    api.answer = lambda _: "flood"
    answer = await HttpDoor(loopback=True).post(api.url, {}, b"{}", Journal(api))
    assert len(answer.body) == BODY_MAX


@pytest.mark.parametrize("url", [*URLS, *HERE])
async def test_production_never_reaches_this_machine(api: BuyerApi, url: str) -> None:
    journal = Journal(api)
    found = await push(api, journal, url=url.replace("{port}", str(api.port)) or "https://", loopback=False)
    assert isinstance(found, Failed) and found.code == "address_refused"
    assert (api.connections, journal.seen) == (0, [])


@pytest.mark.parametrize("names", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::1"], ["64:ff9b::7f00:1"]])
async def test_a_name_that_leads_inside_is_refused_at_each_attempt(api: BuyerApi, names: list[str]) -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return names

    door = HttpDoor(loopback=False, resolve=resolve)
    with pytest.raises(BadAddress):
        await door.check("https://api.client.fr/")
    with pytest.raises(BadAddress):
        await door.post("https://api.client.fr/", {}, b"", Journal(api))
    assert api.connections == 0


async def test_the_address_is_resolved_once_and_pinned(api: BuyerApi) -> None:
    asked: list[str] = []

    async def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    door = HttpDoor(loopback=True, resolve=rebinding)
    answer = await door.post(f"http://localhost:{api.port}/x", {}, b"{}", Journal(api))
    assert (answer.status, asked) == (200, ["localhost"])
    assert api.calls[0].headers["host"] == f"localhost:{api.port}"


async def test_a_name_that_does_not_exist_is_said_at_save_and_tried_again_later() -> None:
    async def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    door = HttpDoor(loopback=False, resolve=nowhere)
    with pytest.raises(BadAddress):
        await door.check("https://api.client.fr/")
    with pytest.raises(NotSent):
        await door.post("https://api.client.fr/", {}, b"", asyncio.Event().wait)  # type: ignore[arg-type]


def test_the_signature_is_that_of_standard_webhooks() -> None:
    raw = b"0123456789abcdef0123456789abcdef"
    secret = "whsec_" + base64.b64encode(raw).decode()
    made = headers(Destination("https://x.fr", auth="hmac", secret=secret), "msg_1", b'{"a":1}', NOW)
    signed = b"msg_1." + str(int(NOW.timestamp())).encode() + b'.{"a":1}'
    expected = base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()
    assert made["webhook-signature"] == f"v1,{expected}"
    assert (made["webhook-id"], made["Idempotency-Key"]) == ("msg_1", "msg_1")


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ({"auth": "bearer", "secret": "s"}, "Authorization", "Bearer s"),
        ({"auth": "basic", "username": "u", "secret": "p"}, "Authorization", "Basic dTpw"),
        ({"auth": "header", "header_name": "X-Api-Key", "secret": "k"}, "X-Api-Key", "k"),
    ],
)
def test_who_we_are_is_said_the_way_the_client_wants(given: dict[str, Any], name: str, value: str) -> None:
    assert headers(Destination("https://x.fr", **given), "i", b"", NOW)[name] == value


RULES = AnswerRules(
    accepted=AnswerRule(markers=["ok"]),
    duplicate=AnswerRule(statuses=[200, 409], markers=["doublon"]),
    refused=AnswerRule(markers=["hors zone"]),
)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, "OK", Done), (409, "Doublon", Done), (200, "doublon", Done), (200, "Hors zone", Failed),
        (200, "?", Uncertain), (409, "?", Failed), (400, "", Failed), (404, "", Failed), (410, "", Failed),
        (422, "ok", Failed), (401, "", Pause), (429, "", Retry), (503, "", Retry), (500, "", Uncertain),
        (502, "", Uncertain), (301, "", Failed),
    ],
)  # fmt: skip
def test_what_each_answer_means(status: int, body: str, expected: type[Outcome]) -> None:
    found = outcome(Destination("https://x.fr", rules=RULES), Answer(status, {}, body), NOW)
    assert isinstance(found, expected), found
    twice = outcome(Destination("https://x.fr", rules=RULES, idempotent=True), Answer(status, {}, body), NOW)
    assert isinstance(twice, Retry if expected is Uncertain else expected)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("120", 120), ("0", 0), ("999999", 3600), ("Wed, 11 Mar 2026 09:02:00 GMT", 120),
     ("Wed, 11 Mar 2026 08:00:00 GMT", 0), ("soon", None), ("", None), ("-5", None)],
)  # fmt: skip
def test_retry_after_is_honoured(given: str, seconds: int | None) -> None:
    assert retry_after(given, NOW) == (None if seconds is None else timedelta(seconds=seconds))


def test_a_template_gives_each_field_its_name() -> None:
    template = {"contact.nom": "nom", "contact.tel": "phone", "source": "=RDZ", "produit": "produit"}
    assert mapping.refusal(template) is None
    made = json.loads(mapping.body(template, LEAD))
    expected = {"contact": {"nom": "Durand", "tel": "+33199000001"}, "source": "RDZ", "produit": "PV"}
    assert made == expected
    whole = json.loads(mapping.batch_body(template, "b1", "PV", [LEAD, LEAD], test=True))
    assert whole == {"batch_id": "b1", "produit": "PV", "count": 2, "leads": [expected] * 2, "test": True}
    assert set(json.loads(mapping.body({}, LEAD))) == set(mapping.DEFAULT)


@pytest.mark.parametrize(
    "template", [{"a b": "nom"}, {"": "nom"}, {"x": "iban"}, {"a": "nom", "a.b": "prenom"}, {"a..b": "nom"}]
)
def test_a_template_that_cannot_be_used_is_refused(template: dict[str, str]) -> None:
    assert mapping.refusal(template)
