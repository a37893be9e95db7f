"""From a reserved lead to the buyer's mailbox: batches, the gate, the outbox, a real SMTP server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest_asyncio

from backend.clients.models import ClientUpdate
from backend.core.mongo import Doc
from tests.support.departure import hand_over, settle
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


async def delivery(trade: Trade, lead: Doc) -> Doc:
    return await trade.row("deliveries", lead_id=lead["id"], current=True)


async def test_a_day_of_leads_leaves_in_one_message_with_its_file(trade: Trade, mail: MailServer) -> None:
    client, commande = await trade.buyer()
    leads = [await trade.lead(nom=nom, statut_occupant="proprietaire") for nom in ("Durand", "Éluard", "=cmd()")]
    tally = await hand_over(trade)
    assert (tally.batches, tally.handed_over) == (1, 3)
    await settle(trade)
    [message] = mail.messages
    assert message.to == client.email
    assert message.subject == "Livraison de leads ZR7 - PV - 11/03/2026"
    name, content = next(iter(message.attachments.items()))
    assert name == "ZR7_PV_2026-03-11_1.csv"
    lines = content.decode().split("\r\n")
    assert lines[0] == "nom,prenom,telephone,email,departement,proprietaire_maison,produit"
    assert lines[1].startswith("Durand,,01990") and lines[1].endswith(",75,oui,PV")
    assert lines[3].startswith("'=cmd()")
    for lead in leads:
        assert (await trade.stored(lead["id"]))["status"] == "livre"
        sent = await delivery(trade, lead)
        assert (sent["status"], sent["outcome"], sent["sent_week"]) == ("sent", "accepted", "2026-W11")
        assert sent["sent_to"] == [client.email] and sent["send_attempts"] == 1
    assert (await trade.row("quota_counters", commande_id=commande.id))["sent"] == 3
    claims = await trade.rows("dedup_claims")
    assert {claim["until"].date().isoformat() for claim in claims} == {"2026-04-10"}


async def test_a_refused_login_pauses_the_channel_and_one_action_sends_each_once(
    trade: Trade, mail: MailServer
) -> None:
    await trade.buyer()
    leads = [await trade.lead() for _ in range(3)]
    mail.refuse("AUTH", "535 5.7.8 bad credentials")
    await hand_over(trade)
    await settle(trade)
    assert not mail.messages
    for lead in leads:
        waiting = await delivery(trade, lead)
        assert (waiting["status"], waiting["send_attempts"]) == ("ready_to_send", 0)
    mail.behave()
    admin = await headers(trade.parts, "admin", "ZR7")
    health = (await trade.http.get("/api/system/health", headers=admin)).json()
    assert health["modules"]["outbox"]["status"] == "degraded"
    assert "smtp:ZR7" in str(health["modules"]["outbox"])
    answer = await trade.http.post("/api/outbox/channels/smtp:ZR7/resume", headers=admin)
    assert answer.status_code == 200, answer.text
    await settle(trade)
    assert len(mail.messages) == 1
    assert {(await delivery(trade, lead))["status"] for lead in leads} == {"sent"}


async def test_a_drop_after_data_is_uncertain_and_never_sent_again_blindly(trade: Trade, mail: MailServer) -> None:
    await trade.buyer()
    lead = await trade.lead()
    mail.fault("drop_after")
    await hand_over(trade)
    await settle(trade)
    assert (await delivery(trade, lead))["status"] == "uncertain"
    await trade.parts.batches.revive("ZR7")
    await settle(trade)
    assert len(mail.messages) == 1
    row = await trade.row("outbox", kind="email")
    await trade.parts.outbox.resolve(trade.parts.everyone, row["_id"], "test", "sent")
    assert (await delivery(trade, lead))["status"] == "sent"
    assert (await trade.stored(lead["id"]))["status"] == "livre"


async def test_a_definite_refusal_fails_and_the_next_run_tries_the_same_batch(trade: Trade, mail: MailServer) -> None:
    await trade.buyer()
    lead = await trade.lead()
    mail.refuse("RCPT", "550 5.1.1 unknown", times=1)
    await hand_over(trade)
    await settle(trade)
    failed = await delivery(trade, lead)
    assert failed["status"] == "failed" and "550" in failed["last_error"]
    assert (await trade.stored(lead["id"]))["status"] == "routed"
    told = await trade.row("client_activity", action="delivery_failed")
    assert told["client_id"] == failed["client_id"]
    assert await trade.parts.batches.revive("ZR7") == 1
    await settle(trade)
    assert len(mail.messages) == 1
    assert (await delivery(trade, lead))["status"] == "sent"


async def test_a_refused_delivery_sent_by_hand_to_another_address_of_the_client(trade: Trade, mail: MailServer) -> None:
    client = await trade.client(delivery_emails=["a@zr7-buyers.fr"])
    await trade.commande(client)
    leads = [await trade.lead() for _ in range(2)]
    mail.refuse("RCPT", "550 no", only="a@zr7-buyers.fr")
    await hand_over(trade)
    await settle(trade)
    path = f"/api/deliveries/{(await delivery(trade, leads[0]))['id']}/send"
    ops = await headers(trade.parts, "ops", "ZR7")
    answer = await trade.http.post(path, json={"override_email": client.email}, headers=ops)
    assert answer.status_code == 202, answer.text
    await settle(trade)
    [message] = mail.messages
    assert message.to == client.email
    assert len(next(iter(message.attachments.values())).decode().splitlines()) == 2
    assert [(await delivery(trade, lead))["status"] for lead in leads] == ["sent", "ready_to_send"]


async def test_a_client_with_two_addresses_is_served_when_one_of_them_is(trade: Trade, mail: MailServer) -> None:
    client = await trade.client(delivery_emails=["a@zr7-buyers.fr", "b@zr7-buyers.fr"])
    await trade.commande(client)
    lead = await trade.lead()
    mail.refuse("RCPT", "550 no", only="a@zr7-buyers.fr")
    await hand_over(trade)
    await settle(trade)
    sent = await delivery(trade, lead)
    assert (sent["status"], sent["sent_to"]) == ("sent", ["b@zr7-buyers.fr"])
    assert (await trade.row("quota_counters"))["sent"] == 1


async def test_the_second_address_of_a_client_is_added_when_it_accepts_later(trade: Trade, mail: MailServer) -> None:
    client = await trade.client(delivery_emails=["a@zr7-buyers.fr", "b@zr7-buyers.fr"])
    await trade.commande(client)
    lead = await trade.lead()
    await hand_over(trade)
    await settle(trade)
    assert (await delivery(trade, lead))["sent_to"] == ["a@zr7-buyers.fr", "b@zr7-buyers.fr"]
    assert (await trade.row("quota_counters"))["sent"] == 1


async def test_an_uncertain_send_resolved_later_belongs_to_the_week_it_left(trade: Trade, mail: MailServer) -> None:
    await trade.buyer()
    lead = await trade.lead()
    mail.fault("drop_after")
    await hand_over(trade)
    await settle(trade)
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 17, 9, 0, tzinfo=UTC))
    row = await trade.row("outbox", kind="email")
    await trade.parts.outbox.resolve(trade.parts.everyone, row["_id"], "test", "sent")
    assert (await delivery(trade, lead))["sent_week"] == "2026-W11"


async def test_without_automatic_sending_a_batch_waits_for_a_person(trade: Trade, mail: MailServer) -> None:
    client = await trade.client(auto_send_enabled=False)
    await trade.commande(client)
    lead = await trade.lead()
    assert (await hand_over(trade)).ready_to_send == 1
    await settle(trade)
    assert (await delivery(trade, lead))["status"] == "ready_to_send" and not mail.messages
    assert (await hand_over(trade, by_hand=True)).handed_over == 1
    await settle(trade)
    assert len(mail.messages) == 1


async def test_what_the_gate_no_longer_allows_is_cancelled_and_its_lead_routed_again(
    trade: Trade, mail: MailServer
) -> None:
    client, commande = await trade.buyer()
    lead = await trade.lead()
    await trade.parts.clients.update(trade.parts.everyone, client.id, ClientUpdate(active=False), "test")
    other, _ = await trade.buyer("Repreneur")
    assert (await hand_over(trade)).cancelled == 1
    cancelled = await trade.row("deliveries", commande_id=commande.id)
    assert (cancelled["status"], cancelled["cancel_reason"]) == ("cancelled", "client_inactive")
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == 0
    assert not await trade.rows("dedup_claims")
    await trade.parts.leads.route_waiting({})
    assert (await trade.stored(lead["id"]))["delivery_client_id"] == other.id


async def test_a_closed_day_waits(trade: Trade, mail: MailServer) -> None:
    await trade.buyer()
    lead = await trade.lead()
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 14, 9, 0, tzinfo=UTC))
    assert (await hand_over(trade)).skipped_calendar == 1
    assert (await delivery(trade, lead))["status"] == "pending_csv"


async def test_simulation_mails_a_marked_copy_counts_nothing_and_leaving_it_sends(
    trade: Trade, mail: MailServer
) -> None:
    client, commande = await trade.buyer()
    lead = await trade.lead()
    mode = {"domains": [], "simulation_mode": True, "simulation_email": "essais@zr7-digital.fr"}
    await trade.parts.parametres.write("ZR7", "email_denylist", mode, "test")
    for _ in range(2):
        await hand_over(trade)
        await settle(trade)
    assert [(message.to, message.subject[:12]) for message in mail.messages] == [
        ("essais@zr7-digital.fr", "[SIMULATION]")
    ]
    assert (await delivery(trade, lead))["status"] == "ready_to_send"
    assert (await trade.row("quota_counters", commande_id=commande.id))["sent"] == 0
    await trade.parts.parametres.write("ZR7", "email_denylist", {**mode, "simulation_mode": False}, "test")
    await hand_over(trade)
    await settle(trade)
    assert mail.messages[-1].to == client.email
    assert (await delivery(trade, lead))["status"] == "sent"
