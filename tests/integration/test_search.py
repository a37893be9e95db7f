"""One box that finds everything, within what the caller may read."""

from __future__ import annotations

import pytest

from backend.accounts.permissions import KEYS
from backend.clients.models import ClientUpdate
from backend.migrations.store import _rows_are_found_by_keys
from tests.support.books import companies, identified
from tests.support.people import PASSWORD, headers, headers_of, person
from tests.support.trade import Trade

Found = dict[str, list[str]]


async def found(trade: Trade, text: str, signed: dict[str, str], **params: str) -> Found:
    """Kind -> titles."""
    answer = await trade.http.get("/api/search", params={"q": text, **params}, headers=signed)
    assert answer.status_code == 200, answer.text
    return {group["kind"]: [one["title"] for one in group["hits"]] for group in answer.json()["groups"]}


@pytest.fixture
async def boss(trade: Trade) -> dict[str, str]:
    return await headers(trade.parts, "super_admin", scope="BOTH")


@pytest.mark.parametrize(
    "text",
    ["01 99 00 42 17", "0199004217", "+33 1 99 00 42 17", "0033199004217", "01.99.00.42.17", "019900421", "4217",
     "fournier", "FOUR", "camille four", "Élise", "elise-camille", "C.Fournier@Exemple.fr"],
)  # fmt: skip
async def test_a_lead_is_found_however_it_is_written(trade: Trade, boss: dict[str, str], text: str) -> None:
    await trade.lead(nom="Fournier", prenom="Élise-Camille", phone="0199004217", email="c.fournier@exemple.fr")
    await trade.lead(nom="Durand", phone="0261914218", email="autre@exemple.fr")
    assert await found(trade, text, boss) == {"lead": ["Élise-Camille Fournier"]}


@pytest.mark.parametrize("text", ["", "f", "zz", "42", "0261", "fournier durand"])
async def test_what_matches_nothing_finds_nothing(trade: Trade, boss: dict[str, str], text: str) -> None:
    await trade.lead(nom="Fournier", phone="0199004217")
    assert await found(trade, text, boss) == {}


async def test_every_kind_is_found_and_says_when_there_are_more(trade: Trade, boss: dict[str, str]) -> None:
    client, _ = await trade.buyer("Habitat Occitan", departements=["34"], quota_semaine=9)
    for n in range(6):
        await trade.lead(nom="Occitan", prenom=f"Paul {n}", departement="34")
    answer = (await trade.http.get("/api/search", params={"q": "occitan"}, headers=boss)).json()
    told = {one["kind"]: (len(one["hits"]), one["more"]) for one in answer["groups"]}
    assert told == {"lead": (5, True), "delivery": (5, True), "client": (1, False), "commande": (1, False)}
    await colleague(trade, boss)
    assert await found(trade, "martin", boss) == {"user": ["Zoé Martin"]}
    await trade.parts.clients.update(trade.parts.everyone, client.id, ClientUpdate(phone="05 36 49 00 12"), "test")
    assert await found(trade, "05 36 49 00 12", boss) == {
        "client": ["Habitat Occitan"],
        "commande": ["Habitat Occitan"],
    }


async def colleague(trade: Trade, boss: dict[str, str]) -> None:
    """Zoé Petit, who is called Zoé Martin now."""
    given = {"email": "zoe@exemple.fr", "password": PASSWORD, "nom": "Zoé Petit", "entity": "ZR7", "role": "ops"}
    made = await trade.http.post("/api/auth/users", json=given, headers=boss)
    assert made.status_code == 201, made.text
    path = f"/api/auth/users/{made.json()['user']['id']}"
    assert (await trade.http.put(path, json={"nom": "Zoé Martin"}, headers=boss)).status_code == 200


async def test_an_invoice_is_found_by_its_number_its_rank_and_its_client(trade: Trade, boss: dict[str, str]) -> None:
    client, _ = await trade.buyer("Habitat Occitan")
    await companies(trade)
    await identified(trade, client)
    given = {"client_id": client.id, "entity": "ZR7", "amount_ht": "10.00"}
    made = (await trade.http.post("/api/invoices", json=given, headers=boss)).json()["invoice"]
    assert (await found(trade, "occitan", boss))["invoice"] == [""]
    issued = await trade.parts.invoices.issue(trade.parts.everyone, made["id"], "test")
    assert issued.invoice_number == "ZR7-2026-000001"
    for text in ("ZR7-2026-000001", "zr7-2026-00", "2026-000001", "000001", "1 "):
        known = {} if text == "1 " else {"invoice": ["ZR7-2026-000001"]}
        assert await found(trade, text, boss) == known, text
    listed = await trade.http.get("/api/invoices", params={"search": "2026-000001"}, headers=boss)
    assert listed.json()["total"] == 1


async def test_one_finds_only_what_one_may_read(trade: Trade) -> None:
    await trade.buyer("Maison Verte", "MDL")
    await trade.lead(nom="Verte", entity="MDL")
    mine = await headers(trade.parts, "ops", "ZR7")
    assert await found(trade, "verte", mine) == {}
    theirs = await headers_of(trade.parts, await person(trade.parts, "ops", "MDL", email="mdl@exemple.fr"))
    assert set(await found(trade, "verte", theirs)) == {"lead", "delivery", "client", "commande"}
    refused = await trade.http.get("/api/search", params={"q": "verte", "entity": "MDL"}, headers=mine)
    assert refused.status_code == 403
    for key, kind in (("leads.view", "lead"), ("deliveries.view", "delivery"), ("clients.view", "client")):
        held = {one: one != key for one in KEYS}
        limited = await person(trade.parts, "ops", "MDL", email=f"{kind}@exemple.fr", permissions=held)
        assert kind not in await found(trade, "verte", await headers_of(trade.parts, limited))


async def test_rows_written_before_are_found_after_the_migration(trade: Trade, boss: dict[str, str]) -> None:
    client, _ = await trade.buyer("Habitat Occitan")
    await trade.parts.clients.update(trade.parts.everyone, client.id, ClientUpdate(phone="0536490012"), "test")
    await trade.lead(nom="Fournier", phone="0199004217")
    await colleague(trade, boss)
    asked = ("0199004", "0536490012", "martin")
    before = [await found(trade, text, boss) for text in asked]
    for name in ("leads", "deliveries", "users"):
        await trade.parts.mongo.collection(name).update_many({}, {"$unset": {"keys": 1}})
    await trade.parts.mongo.collection("clients").update_many({}, {"$set": {"search_keys": ["habitat occitan"]}})
    assert [await found(trade, text, boss) for text in asked] == [{}, {}, {}]
    for _ in range(2):
        await _rows_are_found_by_keys(trade.parts.mongo)
        assert [await found(trade, text, boss) for text in asked] == before
