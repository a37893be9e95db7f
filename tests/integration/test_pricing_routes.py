"""Prices over HTTP: history, precedence and its origins, what is missing, and who is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from backend.clients.models import Client
from backend.core.mongo import Tx
from tests.support.desk import Desk, tasks
from tests.support.people import headers
from tests.support.trade import Trade


async def desk(trade: Trade, client: Client, role: str = "admin") -> Desk:
    return Desk(trade.http, await headers(trade.parts, role, client.entity), f"/api/clients/{client.id}/pricing")


async def put_price(at: Desk, **body: Any) -> dict[str, Any]:
    answer = await at.post("/product", {"product_code": "PV", **body})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def seen(at: Desk, produit: str = "PV") -> dict[str, Any]:
    body = (await at.get()).json()
    return next(one for one in body["effective"] if one["product_code"] == produit)


async def test_the_three_products_are_known_and_others_may_be_added(trade: Trade) -> None:
    at = Desk(trade.http, await headers(trade.parts, "admin"), "/api/products")
    assert [one["code"] for one in (await at.get()).json()["products"]] == ["PV", "PAC", "ITE"]
    assert await trade.rows("products") == []
    made = await at.post("", {"code": "ssc", "name": "Système solaire combiné"})
    assert (made.status_code, made.json()["product"]["code"]) == (201, "SSC")
    for code in ("pv", "SSC"):
        answer = await at.post("", {"code": code, "name": "Encore"})
        assert (answer.status_code, answer.json()["error"]) == (409, "duplicate")
    assert (await at.get()).json()["products"][-1]["unit"] == "lead"


async def test_a_client_without_a_price_shows_what_is_missing(trade: Trade) -> None:
    client, _ = await trade.buyer()
    body = (await (await desk(trade, client)).get()).json()
    assert body["pricing_missing"] == ["PV"]
    assert body["products"] == [] and body["history"] == []
    assert [one["pricing_missing"] for one in body["effective"]] == [True] * 3
    assert body["effective"][0]["unit_price_eur"] is None and body["effective"][0]["net_unit_eur"] is None
    assert body["global"] == {
        "client_id": client.id, "discount_pct_global": "0.00", "tva_rate": "20.00", "tva_origin": "client",
        "payment_terms_days": 30, "updated_at": None,
    }  # fmt: skip
    missing = await trade.parts.pricing.missing(trade.parts.everyone)
    assert [(one.client_name, one.entity, one.produit) for one in missing] == [(client.name, "ZR7", "PV")]


async def test_a_price_is_quoted_with_the_origin_of_each_figure(trade: Trade) -> None:
    client, _ = await trade.buyer()
    at = await desk(trade, client)
    assert (await at.put("", {"discount_pct_global": "10"})).status_code == 200
    told = await put_price(at, unit_price_eur="19.99")
    assert told["price"]["valid_from"] == "2026-03-11"
    assert told["effective"] == {
        "product_code": "PV", "unit_price_eur": "19.99", "discount_pct": "10.00", "net_unit_eur": "17.99",
        "tva_rate": "20.00", "billing_mode": "WEEKLY_INVOICE", "origin": "product", "discount_origin": "global",
        "tva_origin": "client", "valid_from": "2026-03-11", "pricing_missing": False,
    }  # fmt: skip
    await put_price(at, discount_pct="5")
    shown = (await at.put("", {"tva_rate": "10"})).json()["global"]
    assert (shown["tva_rate"], shown["tva_origin"], shown["discount_pct_global"]) == ("10.00", "pricing", "10.00")
    quote = await seen(at)
    assert (quote["net_unit_eur"], quote["discount_origin"], quote["tva_origin"]) == ("18.99", "product", "pricing")
    assert (await at.get()).json()["pricing_missing"] == []


async def test_a_new_price_counts_from_its_day_and_keeps_what_it_does_not_say(trade: Trade) -> None:
    client = await trade.client()
    at, pricing = await desk(trade, client), trade.parts.pricing
    await put_price(at, unit_price_eur="20", discount_pct="10", billing_mode="PREPAID")
    await put_price(at, unit_price_eur="25", valid_from="2026-03-16")
    body = (await at.get()).json()
    assert [one["unit_price_eur"] for one in body["history"]] == ["25.00", "20.00"]
    assert [one["unit_price_eur"] for one in body["products"]] == ["20.00"]
    sunday, monday = date(2026, 3, 15), date(2026, 3, 16)
    assert str((await pricing.quote(client.id, "PV", sunday)).net_unit) == "18.00"
    later = await pricing.quote(client.id, "PV", monday)
    assert (str(later.net_unit), later.mode) == ("22.50", "PREPAID")
    assert (await pricing.quote(client.id, "PV", date(2026, 3, 10))).missing
    assert await pricing.modes([client.id, "personne"], "PV", monday) == {
        client.id: "PREPAID", "personne": "WEEKLY_INVOICE",
    }  # fmt: skip


async def test_a_price_is_taken_away_without_bringing_an_older_one_back(trade: Trade) -> None:
    client, _ = await trade.buyer()
    at = await desk(trade, client)
    await put_price(at, unit_price_eur="20", valid_from="2026-01-01")
    await put_price(at, unit_price_eur="25")
    gone = await at.ask("DELETE", "/product/pv")
    assert (gone.status_code, gone.json()["ended"]) == (200, 2)
    body = (await at.get()).json()
    assert (body["pricing_missing"], len(body["history"])) == (["PV"], 2)
    assert (await at.ask("DELETE", "/product/PV")).status_code == 404
    assert (await at.post("/product", {"product_code": "PV"})).status_code == 422
    assert (await put_price(at, unit_price_eur="30"))["price"]["active"]
    assert len(await trade.rows("client_product_pricing")) == 2


async def test_what_cannot_be_a_price_is_refused(trade: Trade) -> None:
    client = await trade.client()
    at = await desk(trade, client)
    wrong = [{"unit_price_eur": "-1"}, {"unit_price_eur": "1.999"}, {"discount_pct": "101", "unit_price_eur": "1"},
             {"billing_mode": "CASH", "unit_price_eur": "1"}, {"product_code": "SSC", "unit_price_eur": "1"},
             {"valid_from": "2026-02-30", "unit_price_eur": "1"}, {}]  # fmt: skip
    for body in wrong:
        answer = await at.post("/product", {"product_code": "PV", **body})
        assert answer.status_code == 422, body
    assert (await at.put("", {})).status_code == 400
    assert (await at.put("", {"tva_rate": "100.01"})).status_code == 422
    assert await trade.rows("client_product_pricing") == []


async def test_who_may_and_the_other_entity_may_not(trade: Trade) -> None:
    client = await trade.client()
    body = {"product_code": "PV", "unit_price_eur": "1"}
    assert (await (await desk(trade, client, "ops")).get()).status_code == 403
    stranger = Desk(trade.http, await headers(trade.parts, "admin", "MDL"), f"/api/clients/{client.id}/pricing")
    assert (await stranger.get()).status_code == 404
    assert (await stranger.post("/product", body)).status_code == 404
    assert await trade.rows("client_product_pricing") == []


async def test_each_change_is_an_event_with_what_was_and_what_is(trade: Trade) -> None:
    client = await trade.client()
    at = await desk(trade, client)
    await put_price(at, unit_price_eur="20")
    await put_price(at, unit_price_eur="21")
    await at.put("", {"discount_pct_global": "3"})
    await at.ask("DELETE", "/product/PV")
    rows = await trade.rows("event_log", entity_type="client", entity="ZR7", action={"$regex": "^pricing"})
    events = sorted(rows, key=lambda one: one["created_at"])
    assert [one["action"] for one in events] == ["pricing_update"] * 3 + ["pricing_delete"]
    assert events[0]["details"]["old"] is None
    assert events[1]["details"]["old"]["unit_price_eur"] == "20.00"
    assert events[1]["details"]["new"]["unit_price_eur"] == "21.00"
    assert events[2]["details"]["new"] == {"discount_pct_global": "3.00"}
    assert events[3]["details"]["old"][0]["active"] is True


async def test_the_listeners_are_told_inside_the_transaction(trade: Trade) -> None:
    client, told = await trade.client(), list[tuple[str, str, str, bool]]()

    async def callback(tx: Tx, entity: str, client_id: str, produit: str) -> None:
        today = date(2026, 3, 11)
        told.append(
            (entity, client_id, produit, (await trade.parts.pricing.quote(client_id, produit, today, tx=tx)).missing)
        )

    trade.parts.pricing.on_change(callback)
    try:
        at = await desk(trade, client)
        await put_price(at, unit_price_eur="20")
        await at.ask("DELETE", "/product/PV")
    finally:
        trade.parts.pricing._listeners.remove(callback)
    assert told == [("ZR7", client.id, "PV", False), ("ZR7", client.id, "PV", True)]


async def test_leaving_prepaid_looks_again_at_waiting_leads(trade: Trade) -> None:
    client = await trade.client()
    at = await desk(trade, client)
    await put_price(at, unit_price_eur="20", billing_mode="PREPAID")
    assert await tasks(trade.parts) == []
    tomorrow = (date(2026, 3, 11) + timedelta(days=1)).isoformat()
    await put_price(at, billing_mode="WEEKLY_INVOICE", valid_from=tomorrow)
    assert await tasks(trade.parts) == []
    await put_price(at, billing_mode="WEEKLY_INVOICE")
    assert await tasks(trade.parts) == [{"entity": "ZR7", "produit": "PV", "reason": "billing_mode"}]
