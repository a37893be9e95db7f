"""Lists taken away as a spreadsheet: the rows, order and columns of the screen, its words, and nothing that runs."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from backend.extracts.columns import LISTS
from backend.extracts.titles import TITLES
from tests.support.books import bills
from tests.support.departure import leave
from tests.support.desk import Desk
from tests.support.people import headers
from tests.support.smtp import mail_server
from tests.support.trade import Trade
from tests.support.words import written

ASKED: list[tuple[str, str, str, str, dict[str, str]]] = [
    ("/leads/list", "/leads/export", "leads", "contact", {"status": "livre"}),
    ("/leads/list", "/leads/export", "leads", "contact", {"search": "fournier", "sort": "created_at"}),
    ("/deliveries", "/deliveries/export", "deliveries", "contact", {"outcome": "accepted", "sort": "created_at"}),
    ("/clients", "/clients/export", "clients", "name", {"active_only": "false"}),
    ("/clients", "/clients/export", "clients", "name", {"search": "maison"}),
    ("/commandes", "/commandes/export", "commandes", "client", {"produit": "PV"}),
    ("/invoices", "/invoices/export", "invoices", "number", {"status": "issued"}),
    ("/event-log", "/event-log/export", "events", "action", {"entity_type": "client"}),
    ("/batches", "/batches/export", "batches", "client", {"status": "sent"}),
]
NAMES = {"leads": "contact", "deliveries": "contact"}


def table(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


async def desk(trade: Trade, role: str = "super_admin", scope: str | None = "BOTH") -> Desk:
    return Desk(trade.http, await headers(trade.parts, role, "ZR7", scope), "/api")


async def market(trade: Trade) -> None:
    async with mail_server() as server:
        server.serve(trade.parts)
        client, _ = await trade.buyer(quota_semaine=10)
        await trade.buyer("Maison Verte", "MDL", produit="ITE", departements=["59"])
        for nom in ("Fournier", "=cmd|' /C calc'!A0", "Lefèvre"):
            await trade.lead(nom=nom, prenom="" if nom.startswith("=") else "Camille", email="camille@exemple.fr")
        await trade.lead(nom="Petit", entity="MDL", produit="ITE", departement="59")
        await leave(trade)
        await trade.lead(nom="Chevalier", produit="PAC")
        await bills(trade, client)


async def test_an_export_is_exactly_its_list(trade: Trade) -> None:
    await market(trade)
    at = await desk(trade)
    for path, export, name, column, params in ASKED:
        body = (await at.get(path, **params)).json()
        answer = await at.get(export, columns=column, **params)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/csv") and ".csv" in answer.headers["content-disposition"]
        rows = table(answer.text)
        assert [rows[0], len(rows) - 1] == [[TITLES[export.split("/")[1]][column]], body["total"]], export
        assert body["total"] == len(body[name]) > 0, (path, params)
        if name in NAMES:
            shown = [one.get("contact", one) for one in body[name]]
            told = [f"{one['prenom']} {one['nom']}".strip() for one in shown]
            assert [row[0].removeprefix("'") for row in rows[1:]] == told


async def test_every_column_of_every_list_is_a_word_of_the_screen_and_never_a_code(trade: Trade) -> None:
    await market(trade)
    at = await desk(trade)
    for name in LISTS:
        answer = await at.get(f"/{name}/export")
        rows = table(answer.text)
        assert rows[0] == list(TITLES[name].values()), name
        assert len(rows) > 1
        codes = {"no_open_orders", "pending_csv", "sent", "accepted", "credit_note", "issued", "send_delivery", "asked"}
        assert not {cell for row in rows for cell in row} & codes, name
    leads = (await at.get("/leads/export", columns=["phone", "contact", "created"])).text
    assert "\n01 99 00 " in leads.replace("\r", "") and "'=cmd" in leads and ";11/03/2026 10:00" in leads
    amounts = [row[0] for row in table((await at.get("/invoices/export", columns="ht")).text)[1:]]
    assert amounts and all(re.fullmatch(r"-?\d+,\d\d", one) for one in amounts), amounts


async def test_who_may_not_export_or_see_is_refused_and_each_export_is_in_the_log(trade: Trade) -> None:
    await market(trade)
    viewer, ops = await desk(trade, "viewer", None), await desk(trade, "ops", None)
    assert (await viewer.get("/leads/export")).status_code == 403
    assert (await ops.get("/event-log/export")).status_code == 403
    assert (await ops.get("/deliveries/export", status="sent", columns=["client", "status"])).status_code == 200
    [event] = await trade.rows("event_log", action="list_exported")
    assert (event["entity_id"], event["user"], event["entity"]) == ("deliveries", "ops.zr7@exemple.fr", "ZR7")
    assert event["details"]["columns"] == ["client", "status"]
    assert event["details"]["filters"] == ["status"]
    refused = await ops.get("/deliveries/export", columns="inconnue")
    assert refused.status_code == 422 and "inconnue" in refused.json()["detail"]["columns"]


async def test_a_lead_that_crossed_is_exported_without_its_buyer(trade: Trade) -> None:
    await trade.buyer("Maison Verte", "MDL", quota_semaine=5)
    await trade.lead()
    at = await desk(trade, "ops", None)
    rows = table((await at.get("/leads/export", columns=["client", "status"])).text)
    assert rows[1][0] == "Cédé à MDL"


def test_the_words_of_exports_are_those_of_the_dashboard() -> None:
    """Otherwise: `python -m tests.support.words`."""
    assert {file: file.read_text() for file in written()} == written()
    assert {name: list(columns) for name, columns in LISTS.items()} == {n: list(t) for n, t in TITLES.items()}


@pytest.mark.parametrize("scope", ["ZR7", "MDL"])
async def test_an_export_holds_the_rows_of_its_scope_only(trade: Trade, scope: str) -> None:
    await market(trade)
    at = await desk(trade, scope=scope)
    for name in LISTS:
        rows: list[Any] = table((await at.get(f"/{name}/export", columns="entity")).text)[1:]
        assert {row[0] for row in rows} <= {scope}, name
