"""Free units: granted on the client's own commande, in a week that is not closed, and told."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.mongo import Tx
from tests.support.desk import Desk
from tests.support.people import headers
from tests.support.trade import Trade


async def desk(trade: Trade, client_id: str, role: str = "admin", entity: str = "ZR7") -> Desk:
    return Desk(trade.http, await headers(trade.parts, role, entity), f"/api/clients/{client_id}/credits")


def credit(order_id: str, **fields: Any) -> dict[str, Any]:
    body = {"order_id": order_id, "product_code": "PV", "week_key": "2026-W11", "quantity_units_free": 2}
    return body | {"reason": "geste_commercial"} | fields


async def test_a_credit_is_granted_listed_by_week_and_taken_back(trade: Trade) -> None:
    client, commande = await trade.buyer()
    at = await desk(trade, client.id)
    made = await at.post("", credit(commande.id, note="Semaine difficile"))
    assert made.status_code == 201, made.text
    told = made.json()["credit"]
    assert (told["quantity_units_free"], told["entity"], told["created_by"]) == (2, "ZR7", "admin.zr7@exemple.fr")
    await at.post("", credit(commande.id, week_key="2026-W12", reason="bug"))
    assert [one["week_key"] for one in (await at.get()).json()["credits"]] == ["2026-W12", "2026-W11"]
    assert [one["id"] for one in (await at.get("", week_key="2026-W11")).json()["credits"]] == [told["id"]]
    assert [one.id for one in await trade.parts.credits.of_week(client.id, "2026-W11")] == [told["id"]]
    assert (await at.ask("DELETE", f"/{told['id']}")).json()["deleted_id"] == told["id"]
    assert (await at.ask("DELETE", f"/{told['id']}")).status_code == 404
    assert await trade.parts.credits.of_week(client.id, "2026-W11") == []
    events = await trade.rows("event_log", action={"$in": ["credit_added", "credit_deleted"]})
    assert sorted(one["action"] for one in events) == ["credit_added", "credit_added", "credit_deleted"]
    assert {one["entity"] for one in events} == {"ZR7"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"quantity_units_free": 0}, "quantity_units_free"), ({"week_key": "2026-W54"}, "week_key"),
     ({"reason": "cadeau"}, "reason"), ({"product_code": "PAC"}, "product_code"), ({"note": "x" * 1001}, "note")],
)  # fmt: skip
async def test_what_is_no_credit_is_refused(trade: Trade, wrong: dict[str, Any], field: str) -> None:
    client, commande = await trade.buyer()
    answer = await (await desk(trade, client.id)).post("", credit(commande.id, **wrong))
    assert (answer.status_code, list(answer.json()["detail"])) == (422, [field])
    assert await trade.rows("billing_credits") == []


async def test_the_commande_is_the_client_s_own(trade: Trade) -> None:
    client, _ = await trade.buyer()
    _, other = await trade.buyer("Isolation du Nord")
    _, abroad = await trade.buyer("Maison Verte", "MDL")
    at = await desk(trade, client.id)
    assert [(await at.post("", credit(one.id))).status_code for one in (other, abroad)] == [404, 404]
    stranger = await desk(trade, client.id, "admin", "MDL")
    assert (await stranger.get()).status_code == 404
    assert (await (await desk(trade, client.id, "ops")).get()).status_code == 403
    assert await trade.rows("billing_credits") == []


async def test_a_closed_week_keeps_its_credits(trade: Trade) -> None:
    client, commande = await trade.buyer()
    at = await desk(trade, client.id)
    kept = (await at.post("", credit(commande.id))).json()["credit"]

    async def closed(client_id: str, week: str, tx: Tx) -> bool:
        return (client_id, week) == (client.id, "2026-W11") and bool(tx.in_transaction)

    before = trade.parts.credits._closed
    trade.parts.credits.register(closed)
    try:
        refused = [await at.post("", credit(commande.id)), await at.ask("DELETE", f"/{kept['id']}")]
        assert [(one.status_code, one.json()["error"]) for one in refused] == [(409, "invalid_state")] * 2
        assert (await at.post("", credit(commande.id, week_key="2026-W12"))).status_code == 201
    finally:
        trade.parts.credits._closed = before
    assert len(await trade.parts.credits.of_week(client.id, "2026-W11")) == 1
