"""A buyer's e-mail, pasted on the client's page: what each number is, and what may be rejected."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.bulk import pasted
from backend.clients.models import ClientUpdate
from tests.support.departure import leave, settle
from tests.support.desk import Desk
from tests.support.people import headers
from tests.support.smtp import mail_server
from tests.support.trade import Trade

NOTATIONS = ("01 99 00 42 17", "01.99.00.42.17", "01-99-00-42-17", "0199004217", "+33 1 99 00 42 17", "0033199004217",
             "(01) 99 00 42 17", "tel:+33199004217", "199004217", "+33 (0)1 99 00 42 17")  # fmt: skip


@pytest.mark.parametrize("written", NOTATIONS)
def test_a_number_is_found_in_any_notation(written: str) -> None:
    found = pasted.numbers(f"Bonjour,\nle {written} : faux numéro (appelé le 23/11/2026 à 9 h 30)\nMerci")
    assert [e164 for _, e164 in found] == ["+33199004217"]


def test_numbers_side_by_side_are_told_apart_and_digits_that_are_none_are_said() -> None:
    text = "0199004217 0199004218;0199004217\nSIREN 812345678, 0262 91 00 12\nréf 00112233445566778899"
    found = pasted.numbers(text)
    assert [e164 for _, e164 in found if e164] == ["+33199004217", "+33199004218", "+262262910012"]
    assert [raw for raw, e164 in found if not e164] == ["812345678", "00112233445566778899"]


async def test_each_number_of_an_email_is_told_and_those_matched_are_rejected(trade: Trade) -> None:
    async with mail_server() as server:
        server.serve(trade.parts)
        client, _ = await trade.buyer(quota_semaine=20)
        await trade.commande(client, produit="PAC")
        old = await trade.lead(nom="Ancien", phone="01 99 00 70 01")
        await leave(trade)
        await trade.parts.clients.update(trade.parts.everyone, client.id, ClientUpdate(return_window_days=3), "test")
        await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(days=5))
        seen = await trade.lead(nom="Neuf", phone="01 99 00 70 02")
        twice = [await trade.lead(nom="Double", phone="01 99 00 70 03", produit=one) for one in ("PV", "PAC")]
        gone = await trade.lead(nom="Rendu", phone="01 99 00 70 04")
        await leave(trade)
        await trade.lead(nom="Attend", phone="01 99 00 70 05")
        at = Desk(trade.http, await headers(trade.parts, "ops"), "/api")
        gone_id = (await trade.row("deliveries", lead_id=gone["id"]))["id"]
        await at.post(f"/deliveries/{gone_id}/reject-leads", {"reason": "doublon"})
        text = "01.99.00.70.01\n+33199007002\n199007003\n0199007004, 0199007005 et 01 99 00 70 06"
        answer = await at.post(f"/clients/{client.id}/pasted-rejects", {"text": text})
        assert answer.status_code == 200, answer.text
        lines = {one["phone"][-1]: one for one in answer.json()["lines"]}
        assert {key: one["verdict"] for key, one in lines.items()} == {
            "1": "window_closed", "2": "matched", "3": "ambiguous", "4": "already_rejected", "5": "not_sent",
            "6": "unknown",
        }  # fmt: skip
        assert (answer.json()["window_days"], lines["1"]["deliveries"][0]["last_day"]) == (3, "2026-03-14")
        assert {one["produit"] for one in lines["3"]["deliveries"]} == {"PV", "PAC"}
        assert {one["id"] for one in lines["3"]["deliveries"]} == {
            (await trade.row("deliveries", lead_id=one["id"]))["id"] for one in twice
        }
        ids = [lines["2"]["deliveries"][0]["id"], lines["3"]["deliveries"][0]["id"]]
        made = await at.post("/deliveries/bulk/reject", {"ids": ids, "reason": "faux_numero"})
        assert made.status_code == 202, made.text
        await settle(trade)
    rejected = await trade.rows("deliveries", outcome="rejected", rejection_reason="faux_numero")
    assert sorted(one["id"] for one in rejected) == sorted(ids)
    assert (await trade.stored(seen["id"]))["status"] == "invalid"
    assert (await trade.row("deliveries", lead_id=old["id"]))["outcome"] == "accepted"
