"""What the stores ask MongoDB is served by indexes: no collection is scanned and nothing is sorted in memory.

Every command is recorded as the driver sends it, then explained on a base of a few hundred rows per collection.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
import pytest_asyncio

from backend.batches.models import Tally
from backend.commandes.models import Commande
from backend.margin.models import CostBody
from backend.outbox.models import Row
from backend.parametres.models import Form
from backend.preferences.models import PreferencesChange
from backend.providers.models import NewProvider
from backend.server import create_app
from backend.views.models import ViewBody
from tests.support.books import bills
from tests.support.commands import CommandLog
from tests.support.crowd import crowd
from tests.support.departure import hand_over, leave, settle
from tests.support.money import bought
from tests.support.people import headers, person
from tests.support.plans import distinct, faults
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade, phone

TINY = {
    "outbox_channels": "one row per mailbox, and one for tasks",
    "settings": "one row per entity and key",
    "instances": "one row per living process",
    "intercompany_pricing": "one row per direction and product",
    "invoice_series": "one row per series and year",
    "todo_claims": "one row per line of what is to do, for a week",
}
IDS = {"client_id": "clients", "commande_id": "commandes", "lead_id": "leads", "delivery_id": "deliveries",
       "provider_id": "providers", "user_id": "users", "event_id": "event_log", "row_id": "outbox",
       "invoice_id": "invoices", "task_id": "tasks"}  # fmt: skip
VALUES = {
    "entity": "ZR7", "produit": "PV", "product": "PV", "week": "2026-W11", "sent_week": "2026-W11", "departement": "75",
    "source": "google", "action": "lead_routed", "entity_type": "lead", "entity_id": "x", "user_filter": "test",
    "from": "2026-03-01", "to": "2026-03-31", "group_by": "week", "channel": "smtp:ZR7", "job": "daily_delivery",
    "week_key": "2026-W11", "month": "2026-03", "first": "2026-03-01", "last": "2026-03-31", "direction": "ZR7->MDL",
    "day": "2026-03-11", "active": "true", "active_only": "true", "kind": "email",
    "columns": "entity", "list_name": "leads", "left": "5", "late_days": "30", "acknowledged": "false",
    "unacknowledged_for_days": "7",
    "without_source": "true", "number": "1", "source_key": "google", "sent_day": "2026-03-11",
    "rejected_from": "2026-03-01T00:00:00Z", "rejected_to": "2026-03-31T00:00:00Z",
}  # fmt: skip
SEARCHES = ("06 99 00 12 34", "dur", "jean.durand@exemple.fr", "0012", "dur mar", "zr7-2026")
SEARCHED = ("search", "q")
UNTOUCHED = ("limit", "skip")


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


@pytest.fixture
def recorded(commands: CommandLog) -> Iterator[CommandLog]:
    commands.seen.clear()
    yield commands
    commands.recording = False
    commands.seen.clear()


async def market(trade: Trade) -> Commande:
    """At least one row of everything, then the crowd. Answers the commande that takes leads."""
    parts, http = trade.parts, trade.http
    _, commande = await trade.buyer(quota_semaine=50)
    await trade.buyer("Maison Verte", "MDL", produit="ITE", departements=["59"])
    session = (await http.post("/api/public/track/session", json={"lp_code": "LP1"})).json()["session_id"]
    await http.post("/api/public/track/lp-visit", json={"session_id": session, "lp_code": "LP1"})
    await trade.lead(session_id=session, utm_source="google", email="jean.durand@exemple.fr", prenom="Martin")
    await leave(trade)
    await trade.lead()
    await trade.lead(produit="PAC")
    await suppressed(trade)
    await priced(trade, commande)
    await bills(trade, (await parts.clients.by_ids([commande.client_id]))[commande.client_id])
    provider, _ = await parts.providers.create("ZR7", NewProvider(name="Apporteur", slug="apporteur"), "test")
    cost = CostBody.model_validate({"produit": "PV", "cost_ht": "10.00"})
    await parts.margin.set_cost(parts.everyone, provider.id, cost, "test")
    await parts.intake.refuse(provider.slug, "suspicious_provider_rejected")
    await parts.parametres.put_form(Form(code="F1", entity="ZR7", produit="PV"), "test")
    report = {"slot": "daily_delivery:2026-03-11", "run_at": parts.clock.now(), "entities": {}}
    await parts.reports.write(None, {**report, "duration_seconds": 1.0})
    await parts.jobs.run_now("daily_delivery", "test")
    boss = await person(parts, "super_admin")
    signed = await headers(parts, "super_admin")
    await parts.preferences.change(boss.id, PreferencesChange(rail=True))
    await parts.views.create(boss.id, ViewBody(list_name="leads", name="PAC"))
    assert await parts.recovery.give("super_admin.zr7@exemple.fr")
    asked = await http.post("/api/clients/bulk/activate", json={"ids": ["inconnu"]}, headers=signed)
    assert asked.status_code == 202, asked.text
    claimed = await http.post("/api/cockpit/claims", json={"key": "failed:ZR7:"}, headers=signed)
    assert claimed.status_code == 200, claimed.text
    await crowd(parts, TINY)
    return commande


async def priced(trade: Trade, commande: Commande) -> None:
    signed, path = await headers(trade.parts, "admin"), f"/api/clients/{commande.client_id}/pricing"
    for method, url, body in (
        ("POST", "/api/products", {"code": "SSC", "name": "Solaire combiné"}),
        ("POST", f"/api/clients/{commande.client_id}/credits", credit(commande)),
        ("PUT", path, {"discount_pct_global": "5"}),
        ("POST", f"{path}/product", {"product_code": "PV", "unit_price_eur": "20", "billing_mode": "PREPAID"}),
    ):
        answer = await trade.http.request(method, url, json=body, headers=signed)
        assert answer.status_code < 300, answer.text
    await bought(trade, commande.client_id, 100)


def credit(commande: Commande) -> dict[str, Any]:
    return {"order_id": commande.id, "product_code": "PV", "week_key": "2026-W11", "quantity_units_free": 1,
            "reason": "retard"}  # fmt: skip


async def suppressed(trade: Trade) -> None:
    row = Row.model_validate({**await trade.row("outbox", kind="email"), "to": "parti@ailleurs.fr"})
    await trade.parts.mongo.transaction(lambda tx: trade.parts.suppressions.note(tx, row, "550 5.1.1 x", "550"))


async def explained(trade: Trade, log: CommandLog) -> None:
    log.recording = False
    assert log.seen, "nothing was recorded"
    found = await faults(trade.parts.mongo, distinct(log), TINY)
    assert not found, f"{len(found)}:\n" + "\n".join(found)


async def test_an_intake_is_served_by_indexes(trade: Trade, mail: MailServer, recorded: CommandLog) -> None:
    commande = await market(trade)
    old = await trade.lead(produit="ITE", departement="29")
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(days=9))
    await trade.parts.stock.mark()
    client = await trade.client("Avec LB")
    await trade.commande(client, produit="ITE", lb_target_pct=Decimal("0.5"), quota_semaine=10, departements=["29"])
    assert (await trade.stored(old["id"]))["status"] == "lb"
    number = phone()
    signed = {"Idempotency-Key": "demande-1"}
    recorded.recording = True
    routed = await trade.submit(signed, phone=number, session_id="s-1")
    assert routed.json()["status"] == "routed"
    assert (await trade.submit(signed, phone=number, session_id="s-1")).json()["status"] == "double_submit"
    assert (await trade.lead(phone=number))["status"] == "duplicate"
    crossed = await trade.lead(entity="MDL")
    assert crossed["delivery_commande_id"] == commande.id
    swapped = await trade.lead(phone="0611111111", lp_code="LP1", produit="ITE", departement="29")
    assert swapped["status"] == "replaced_by_lb"
    await explained(trade, recorded)


@pytest.mark.timeout(600)
async def test_every_list_is_served_by_indexes_with_each_filter_and_two_together(
    trade: Trade, mail: MailServer, recorded: CommandLog
) -> None:
    await market(trade)
    ids = {name: (await trade.rows(collection, entity="ZR7"))[0]["id"] for name, collection in IDS.items()}
    await trade.parts.hold.restored("essai", "test")  # what may have left is listed only then
    for scope, together in (("ZR7", 1), ("BOTH", 2)):  # the harder of the two has the pairs
        signed = await headers(trade.parts, "super_admin", scope=scope)
        recorded.recording = True
        for path, params in asked(trade, ids, together):
            answer = await trade.http.get(path, headers=signed, params=params)
            assert answer.status_code in {200, 400, 404}, f"{path} {params}: {answer.text}"
        recorded.recording = False
    await explained(trade, recorded)


def asked(trade: Trade, ids: dict[str, str], together: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Every route that reads, bare, then with each of its filters, then with as many as `together` of them."""
    for path, methods in create_app(parts=trade.parts).openapi()["paths"].items():
        given = [one for one in methods.get("get", {}).get("parameters", []) if one["in"] == "query"]
        filters = [one for one in given if one["name"] not in UNTOUCHED]
        if "get" not in methods:
            continue
        for size in range((1 if path.endswith("/export") else together) + 1):  # it asks what its list asks
            for chosen in combinations(filters, size):
                for params in values(chosen, ids):
                    yield path.format_map(_Filled(ids)), params


def values(chosen: tuple[dict[str, Any], ...], ids: dict[str, str]) -> Iterator[dict[str, str]]:
    params = {one["name"]: value(one, ids) for one in chosen}
    name = next((one for one in SEARCHED if one in params), None)
    if name is None:
        yield params
        return
    yield from ({**params, name: text} for text in SEARCHES[: 6 if len(chosen) == 1 else 1])


def value(parameter: dict[str, Any], ids: dict[str, str]) -> str:
    name, schema = parameter["name"], parameter["schema"]
    parts = [schema, *schema.get("anyOf", [])]
    parts += [part["items"] for part in parts if "items" in part]
    choices = [one for part in parts for one in (*part.get("enum", []), part.get("const")) if one]
    if name in ids or name in SEARCHED:
        return ids.get(name, "")
    return str(VALUES[name] if name in VALUES and VALUES[name] in (choices or VALUES.values()) else choices[0])


class _Filled(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return VALUES.get(key, "x")


async def test_the_day_and_the_worker_are_served_by_indexes(
    trade: Trade, mail: MailServer, recorded: CommandLog
) -> None:
    commande = await market(trade)
    await trade.lead()
    recorded.recording = True
    await trade.parts.leads.route_waiting({})
    await trade.parts.leads.route_waiting({"produit": "PV"})
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 20, 9, 0, tzinfo=UTC))
    await trade.parts.stock.mark()
    await trade.parts.commandes.pause_expired(trade.parts.clock.now())
    with_lb = await trade.commande(await trade.client("Avec LB"), lb_target_pct=Decimal("0.5"), quota_semaine=4)
    await trade.parts.stock.fill(with_lb)
    assert [one async for one in trade.parts.commandes.open("ZR7")]
    for entity in ("ZR7", "MDL"):
        await hand_over(trade, entity)
        await trade.parts.batches.revive(entity)
    await settle(trade)
    await trade.parts.batches.hand_over_waiting("ZR7", Tally(), client_id=commande.client_id, by_hand=True)
    await trade.parts.outbox.counts(trade.parts.everyone)
    made = [one["id"] for one in await trade.rows("deliveries", status="sent", entity="ZR7")]
    await trade.parts.batches.send_at_once(made[0])
    await trade.parts.crm.put(made)
    await trade.parts.jobs.ensure_due()
    await explained(trade, recorded)
