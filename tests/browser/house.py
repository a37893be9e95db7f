"""A house with something in every state that an action needs: what ops repair, and what is invoiced."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from backend.clients.models import Client, ClientUpdate
from backend.credits.models import CreditBody
from backend.invoices.models import InvoiceCreate
from backend.providers.models import NewProvider
from tests.support.books import WEEK, bills, close, desk, next_week
from tests.support.departure import hand_over, leave
from tests.support.money import priced
from tests.support.people import person
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

Ids = dict[str, str]
BROKEN = ("requeue", "cancel", "correct")
"""One refused message for each of these."""


@asynccontextmanager
async def workshop(trade: Trade) -> AsyncIterator[Ids]:
    """The day of somebody of ops: leads sent, waiting, unsold; messages refused, uncertain, in line."""
    async with mail_server() as server:
        server.serve(trade.parts)
        ids = await _broken(trade, server)
        client, commande = await trade.buyer(quota_semaine=9)
        await trade.buyer("Maison Verte", "MDL", departements=["59"])
        other, order = await trade.buyer("Habitat Occitan", produit="ITE", priorite=9)
        for nom in ("Fournier", "Lefèvre", "Garnier"):
            await trade.lead(nom=nom, prenom="Camille", utm_source="google")
        await trade.lead(nom="Petit", produit="ITE")
        await leave(trade)
        sent = await trade.rows("deliveries", client_id=client.id, status="sent")
        for name, nom in (("lead", "Chevalier"), ("aside", "Roussel"), ("gone", "Blanc"), ("ended", "Henry")):
            ids[name] = (await trade.lead(nom=nom, produit="PAC"))["id"]
        status = {"status": "invalid", "reason": "Doublon au téléphone"}
        await (await desk(trade)).put(f"/leads/{ids['ended']}/status", status)
        await trade.lead(nom="Perrin")
        await hand_over(trade)
        ids["pending"] = (await trade.row("outbox", kind="email", state="pending"))["_id"]
        await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(hours=2))
        for name, nom in (("now", "Moreau"), ("waiting", "Simon")):
            ids[name] = str((await trade.lead(nom=nom))["delivery_id"])
        ids |= {"client": client.id, "commande": commande.id, "open": other.id, "order": order.id}
        ids |= dict(zip(("sent", "kept", "copied"), (one["id"] for one in sent), strict=True))
        ids["batch"] = sent[0]["batch_id"]
        await trade.parts.outbox.pause("crm:ZR7", "Essai", "test")
        yield ids


async def _broken(trade: Trade, server: MailServer) -> Ids:
    """Each in a batch of its own, on a produit of its own, so that the rest of the house is not touched."""
    ids: Ids = {}
    for number, name in enumerate((*BROKEN, "uncertain")):
        given: dict[str, Any] = {
            "email": f"bureau{number}@zr7-buyers.fr",
            "delivery_emails": [f"leads{number}@zr7-buyers.fr"],
        }
        client = await trade.client(f"Toiture {number}", **given)
        await trade.commande(client, produit="ITE", quota_semaine=1, priorite=number + 1)
        lead = await trade.lead(nom=f"Colin {number}", produit="ITE")
        if name == "uncertain":
            server.fault("drop_after")
        else:
            server.refuse("RCPT", "550 5.7.1 not today", times=1)
        await leave(trade, "ZR7")
        row = await trade.row("outbox", kind="email", client_id=client.id)
        ids[name] = row["_id"]
        if name == "uncertain":
            ids["suspended"] = client.id
            held = {"through": "2026-12-31", "reason": "Essai", "by": "test", "at": trade.parts.clock.now()}
            await trade.parts.clients.suspend(trade.parts.everyone, client.id, held, "test")
        if name == "requeue":
            ids["failed"] = str(lead["delivery_id"])
    return ids


async def treasury(trade: Trade, ids: Ids) -> Ids:
    """The week after: one client closed with its draft, one open, an invoice partly paid, a transfer, an offer."""
    parts = trade.parts
    client = (await parts.clients.by_ids([ids["client"]]))[ids["client"]]
    await priced(trade, client, "25.00")
    await bills(trade, client)
    draft = await parts.invoices.create(
        "ZR7", InvoiceCreate.model_validate({"client_id": client.id, "amount_ht": "40.00"}), "test"
    )
    issued = await trade.row("invoices", status="issued")
    late = await _late(trade, client)
    await next_week(trade)
    await close(trade, client_id=client.id, force=True, reason="essai")
    credit = CreditBody(order_id=ids["order"], product_code="ITE", week_key=WEEK, quantity_units_free=1, reason="bug")
    await parts.credits.add(parts.everyone, ids["open"], credit, "test")
    provider, _ = await parts.providers.create("ZR7", NewProvider(name="Leads du Sud", slug="leads-du-sud"), "test")
    push = {"url": "http://127.0.0.1:9/leads", "enabled": False}
    answer = await (await desk(trade)).put(f"/clients/{ids['open']}/push", push)
    assert answer.status_code == 200, answer.text
    user = await person(parts, "viewer", email="lucie@exemple.fr")
    left = await person(parts, "viewer", email="partie@exemple.fr", is_active=False)
    return ids | {"draft": draft.id, "issued": issued["id"], "late": late, "provider": provider.id, "user": user.id,
                  "left": left.id, "week": WEEK, "pushed": ids["open"]}  # fmt: skip


async def _late(trade: Trade, client: Client) -> str:
    """An invoice to be paid the next day: late once a week has passed."""
    parts, scope = trade.parts, trade.parts.everyone
    terms = client.payment_terms_days
    await parts.clients.update(scope, client.id, ClientUpdate(payment_terms_days=1), "test")
    draft = await parts.invoices.create(
        "ZR7", InvoiceCreate.model_validate({"client_id": client.id, "amount_ht": "30.00"}), "test"
    )
    await parts.invoices.issue(scope, draft.id, "test")
    await parts.clients.update(scope, client.id, ClientUpdate(payment_terms_days=terms), "test")
    return draft.id
