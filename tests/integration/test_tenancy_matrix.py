"""Nobody sees or touches the other company, generated from the routes.

MDL is filled with canaries: real objects whose names, addresses and ids must never reach someone who works for ZR7.
A route with an id in its path must find a canary of that kind in `World.ids`: a newcomer adds one, and in BODIES what
the route needs to be well-formed. The base is compared before and after: none of it may have moved.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from backend.accounts.permissions import KEYS
from backend.batches.models import Tally
from backend.bootstrap import Parts
from backend.clients.models import Client
from backend.core.mongo import Doc
from backend.outbox.models import Row
from backend.views.models import ViewBody
from tests.support.books import companies, identified, reminder
from tests.support.people import headers, headers_of, person
from tests.support.surface import Surface, surfaces
from tests.support.trade import Trade

WORD = "canari"
SHARED = {"smtp:MDL", "PV"}  # ids that both companies know
# Parameters that name no one's object, and why.
NOT_AN_OBJECT = {
    "entity": "a company, not one of its objects: refused with 403 or shown without what it holds",
    "form_code": "a form of the caller's own entity, made when it does not exist",
    "job": "a job serves every entity",
    "departement": "a département is everyone's: what it shows is the scope's",
    "transfer_id": "a transfer belongs to both companies: what each sees of it is in test_intercompany",
    "between_id": "an invoice between the companies belongs to both",
    "week_key": "a week is everyone's: a closing reaches the clients of the scope",
}
BODIES: dict[str, Any] = {
    "PUT /api/clients/{client_id}": {"name": "Volé"},
    "PUT /api/clients/{client_id}/crm": {"tags": ["volé"]},
    "POST /api/clients/{client_id}/notes": {"text": "volé"},
    "POST /api/clients/{client_id}/pasted-rejects": {"text": "01 99 00 42 17"},
    "PUT /api/clients/{client_id}/push": {"enabled": False},
    "PUT /api/clients/{client_id}/pricing": {"tva_rate": "0"},
    "POST /api/clients/{client_id}/pricing/product": {"product_code": "PV", "unit_price_eur": "0"},
    "POST /api/clients/{client_id}/credits": {
        "order_id": "x",
        "product_code": "PV",
        "week_key": "2026-W11",
        "quantity_units_free": 1,
        "reason": "bug",
    },
    "PUT /api/invoices/{invoice_id}": {"description": "volé"},
    "POST /api/invoices/{invoice_id}/credit-note": {"reason": "volé"},
    "POST /api/invoices/{invoice_id}/payments": {"amount": "1.00"},
    "POST /api/clients/{client_id}/prepayment/add-units": {"product_code": "PV", "units_to_add": 1},
    "PUT /api/billing/records/{record_id}": {"external_invoice_number": "volé"},
    "PUT /api/commandes/{commande_id}": {"quota_semaine": 1},
    "PUT /api/views/{view_id}": {"name": "Volé"},
    "PUT /api/auth/users/{user_id}": {"nom": "Volé"},
    "PUT /api/providers/{provider_id}": {"name": "Volé"},
    "POST /api/providers/{provider_id}/costs": {"produit": "PV", "cost_ht": "1.00"},
    "PUT /api/leads/{lead_id}": {"nom": "Volé"},
    "PUT /api/leads/{lead_id}/status": {"status": "invalid"},
    "POST /api/leads/{lead_id}/notes": {"text": "volé"},
    "POST /api/leads/{lead_id}/consent": {"given": True, "text": "volé"},
    "POST /api/deliveries/{delivery_id}/reject-leads": {"reason": "doublon"},
    "POST /api/deliveries/{delivery_id}/remove-lead": {"reason": "doublon"},
    "POST /api/outbox/{row_id}/resolve": {"verdict": "sent"},
    "POST /api/outbox/{row_id}/mark-sent": {"note": "volé"},
    "POST /api/outbox/{row_id}/correct-recipient": {"to": "vole@zr7.fr"},
    "POST /api/outbox/channels/{channel}/pause": {"reason": "volé"},
}
# What would end the session of the sweep, or needs no entity at all.
NOT_SWEPT = {"POST /api/auth/logout", "POST /api/auth/password"}
# Query parameters that take an id, and the kind of object they name.
QUERIES = {"client_id": "client_id", "commande_id": "commande_id", "provider_id": "provider_id", "lead_id": "lead_id",
           "user_id": "user_id", "entity_id": "lead_id", "batch_id": "batch_id"}  # fmt: skip
# The lists that show canaries to who looks at both entities.
LISTS = (
    "/api/batches",
    "/api/auth/users",
    "/api/auth/activity-logs",
    "/api/clients",
    "/api/commandes",
    "/api/deliveries",
    "/api/event-log",
    "/api/invoices",
    "/api/leads/list",
    "/api/outbox",
    "/api/providers",
    "/api/reminders",
    "/api/settings/email-denylist",
    "/api/suppressions",
    "/api/tasks",
)
Headers = dict[str, str]


class World:
    """MDL, full of canaries; `ids` by name of path parameter."""

    def __init__(self, trade: Trade) -> None:
        self.trade = trade
        self.parts: Parts = trade.parts
        self.ids: dict[str, str] = {}

    async def fill(self) -> None:
        boss = await headers(self.parts, "super_admin", "ZR7", "MDL")
        client, commande = await self.trade.buyer(f"{WORD} client", "MDL")
        provider = await self._made(boss, "/api/providers", {"name": f"{WORD} fournisseur", "slug": WORD}, "provider")
        user = await person(self.parts, "ops", "MDL", email=f"{WORD}@mdl.fr", nom=f"{WORD} personne")
        await headers_of(self.parts, user)  # its login is an event
        calm = {"domains": [f"{WORD}-refuse.fr"]}
        settings = await self.trade.http.put("/api/settings/email-denylist", json=calm, headers=boss)
        assert settings.status_code == 200, settings.text
        credit = await self.price(boss, client.id, commande.id)
        invoice, payment = await self.bill(boss, client)
        gone = await self.trade.lead(entity="MDL", nom=f"{WORD} parti", email=f"{WORD}.parti@exemple.fr")
        await self.hand_over()
        lead = await self.trade.lead(entity="MDL", nom=f"{WORD} prospect", email=f"{WORD}@exemple.fr")
        delivery = await self.trade.row("deliveries", lead_id=lead["id"])
        sent = await self.trade.row("deliveries", lead_id=gone["id"])
        row = await self.trade.row("outbox", entity="MDL", kind="email")
        await self.suppress(row)
        named = ViewBody(list_name="leads", name=f"{WORD} vue")
        view = await self.parts.views.create(user.id, named)
        event = await self.trade.row("event_log", entity="MDL", refs=client.id)
        self.ids = {
            "client_id": client.id, "commande_id": commande.id, "provider_id": provider["id"], "user_id": user.id,
            "lead_id": lead["id"], "delivery_id": delivery["id"], "batch_id": sent["batch_id"], "row_id": row["_id"],
            "event_id": event["id"], "channel": "smtp:MDL", "address": f"{WORD}@parti.fr", "product_code": "PV",
            "credit_id": credit, "view_id": view.id, "invoice_id": invoice, "payment_id": payment,
            "task_id": await self.task(boss, client.id),
            "record_id": f"2026-W11:{client.id}:PV:{commande.id}",
        }  # fmt: skip

    async def task(self, boss: Headers, client_id: str) -> str:
        """A task about the client, under way; answers its id."""
        answer = await self.trade.http.post("/api/clients/bulk/pause", json={"ids": [client_id]}, headers=boss)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["task"]["id"])

    async def bill(self, boss: Headers, client: Client) -> tuple[str, str]:
        """An issued invoice with a payment; answers their ids."""
        await companies(self.trade)
        await identified(self.trade, client)
        given = {"client_id": client.id, "amount_ht": "10.00", "description": f"{WORD} prestation"}
        made = await self._made(boss, "/api/invoices", given, "invoice")
        await self.parts.invoices.issue(self.parts.everyone, made["id"], "test")
        await reminder(self.trade, client, str(made["id"]))
        path = f"/api/invoices/{made['id']}/payments"
        return str(made["id"]), str((await self._made(boss, path, {"amount": "1.00"}, "payment"))["id"])

    async def price(self, boss: Headers, client_id: str, commande_id: str) -> str:
        """A price and a credit; answers the credit's id."""
        path, body = f"/api/clients/{client_id}", {"product_code": "PV", "unit_price_eur": "12.34"}
        made = await self.trade.http.post(f"{path}/pricing/product", json=body, headers=boss)
        assert made.status_code == 201, made.text
        given = BODIES["POST /api/clients/{client_id}/credits"] | {"order_id": commande_id}
        return str((await self._made(boss, f"{path}/credits", given, "credit"))["id"])

    async def suppress(self, row: Doc) -> None:
        gone = Row.model_validate({**row, "to": f"{WORD}@parti.fr"})
        await self.parts.mongo.transaction(lambda tx: self.parts.suppressions.note(tx, gone, "550 5.1.1", "550"))

    async def hand_over(self) -> None:
        tally = Tally()
        await self.parts.batches.build("MDL", tally)
        await self.parts.batches.hand_over_waiting("MDL", tally, by_hand=True)
        assert tally.handed_over == 1

    async def _made(self, boss: Headers, path: str, body: Doc, kind: str) -> Doc:
        answer = await self.trade.http.post(path, json=body, headers=boss)
        assert answer.status_code == 201, answer.text
        made: Doc = answer.json()[kind]
        return made

    async def everything(self) -> dict[str, list[Doc]]:
        """All that belongs to MDL, and the settings."""
        kept: dict[str, list[Doc]] = {}
        for name in sorted(await self.parts.mongo.db.list_collection_names()):
            rows = self.parts.mongo.collection(name).find({"entity": "MDL"}).sort("_id", 1)
            kept[name] = [row async for row in rows]
        return kept

    def leaks(self, answer: httpx.Response, *, but: str = "") -> list[str]:
        """The canaries an answer holds; `but` is the id that the question itself contained."""
        text = answer.text.casefold()
        ids = [one for one in self.ids.values() if one not in {but, *SHARED}]
        return [one for one in (WORD, *ids) if one.casefold() in text]


@pytest_asyncio.fixture
async def world(trade: Trade) -> World:
    made = World(trade)
    await made.fill()
    return made


@pytest.fixture(scope="session")
def routes(app: FastAPI) -> list[Surface]:
    return [route for route in surfaces(app) if route.guards]


@pytest_asyncio.fixture(params=["insider", "owner"])
async def intruder(request: pytest.FixtureRequest, parts: Parts) -> Headers:
    """Someone of ZR7 with every permission; the super administrator who looks at ZR7 only."""
    if request.param == "owner":
        return await headers(parts, "super_admin", "ZR7", "ZR7")
    every = dict.fromkeys(KEYS, True)
    return await headers_of(parts, await person(parts, "admin", email="insider@exemple.fr", permissions=every))


async def call(http: httpx.AsyncClient, route: Surface, who: Headers, url: str, **params: str) -> httpx.Response:
    body = None if route.method in {"GET", "DELETE"} else BODIES.get(route.name, {})
    return await http.request(route.method, url, headers=who, json=body, params=params)


def test_every_id_in_a_path_has_its_canary(routes: list[Surface], world: World) -> None:
    named = {name for route in routes for name in route.parameters}
    assert named - set(world.ids) - set(NOT_AN_OBJECT) == set(), "give World.fill an object of this kind"


async def test_the_canaries_are_there_for_who_may_see_them(
    http: httpx.AsyncClient, parts: Parts, routes: list[Surface], world: World
) -> None:
    """Otherwise finding none would prove nothing."""
    boss = await headers(parts, "super_admin", "ZR7", "BOTH")
    missing = {}
    for route in routes:
        if route.method == "GET" and route.parameters and not set(route.parameters) & set(NOT_AN_OBJECT):
            answer = await call(http, route, boss, route.url(world.ids))
            if answer.status_code != 200 and not route.path.endswith("/download"):
                missing[route.name] = answer.text
    assert missing == {}
    for path in LISTS:
        assert world.leaks(await http.get(path, headers=boss)), path


async def test_an_id_of_the_other_entity_answers_404_and_nothing_moves(
    http: httpx.AsyncClient, routes: list[Surface], world: World, intruder: Headers
) -> None:
    before = await world.everything()
    wrong = {}
    for route in routes:
        if route.parameters and not set(route.parameters) & set(NOT_AN_OBJECT):
            answer = await call(http, route, intruder, route.url(world.ids))
            asked = world.ids[route.parameters[0]]
            if answer.status_code != 404 or world.leaks(answer, but=asked):
                wrong[route.name] = (answer.status_code, answer.text[:300])
    assert wrong == {}
    assert await world.everything() == before


async def test_no_list_shows_the_other_entity(
    http: httpx.AsyncClient, routes: list[Surface], world: World, intruder: Headers
) -> None:
    wrong = {}
    for route in routes:
        if route.method == "GET" and not set(route.parameters) - set(NOT_AN_OBJECT):
            url = route.url(
                {
                    "entity": "ZR7",
                    "form_code": "x",
                    "job": "daily_delivery",
                    "between_id": "x",
                    "week_key": "2026-W11",
                    "transfer_id": "x",
                    "departement": "75",
                }
            )
            for params in questions(route, world):
                answer = await call(http, route, intruder, url, **params)
                if answer.status_code >= 500 or world.leaks(answer, but=next(iter(params.values()), "")):
                    wrong[route.name] = (params, answer.status_code, answer.text[:300])
    assert wrong == {}


def questions(route: Surface, world: World) -> list[dict[str, str]]:
    """The list as it is; narrowed to each canary by id; searched by name."""
    by_id = [{query: world.ids[kind]} for query, kind in QUERIES.items() if query in route.query]
    by_name = [{one: WORD} for one in sorted({"search", "q"} & route.query)]
    return [{}, *by_id, *by_name]


async def test_asking_for_the_other_entity_by_name_is_refused(
    http: httpx.AsyncClient, parts: Parts, routes: list[Surface], world: World
) -> None:
    """`entity=MDL` and `/check/MDL`, by someone of ZR7 who holds every permission."""
    every = dict.fromkeys(KEYS, True)
    insider = await headers_of(parts, await person(parts, "admin", email="insider@exemple.fr", permissions=every))
    before = await world.everything()
    wrong = {}
    for route in routes:
        params = {"entity": "MDL"} if "entity" in route.query else {}
        if (params or route.parameters == ["entity"]) and not set(route.parameters) - {"entity", "form_code"}:
            url = route.url({"entity": "MDL", "form_code": "x"})
            answer = await call(http, route, insider, url, **params)
            if answer.status_code not in {403, 404, 422} or world.leaks(answer):
                wrong[route.name] = (answer.status_code, answer.text[:300])
    assert wrong == {}
    assert await world.everything() == before


async def test_no_action_on_everything_reaches_the_other_entity(
    http: httpx.AsyncClient, routes: list[Surface], world: World, intruder: Headers
) -> None:
    """The routes that act without an id: generate, send what is ready, write a setting."""
    before = await world.everything()
    for route in routes:
        if route.method != "GET" and not route.parameters and route.name not in NOT_SWEPT:
            answer = await call(http, route, intruder, route.path)
            assert answer.status_code < 500, route.name
            assert not world.leaks(answer), route.name
    assert await world.everything() == before
