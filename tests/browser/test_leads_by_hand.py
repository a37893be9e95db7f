"""A lead entered in the dashboard, and one whose number was wrong."""

from __future__ import annotations

from tests.support.browser import Desk, sign_in
from tests.support.trade import Trade


async def test_a_lead_is_entered_and_its_mistakes_are_said_under_their_fields(at: Desk, trade: Trade) -> None:
    await trade.buyer(departements=["34"])
    await sign_in(at, trade.parts, "ops")
    await at.open("/admin/leads")
    await at.page.get_by_role("link", name="Saisir un lead").click()
    await at.page.get_by_role("heading", level=1, name="Nouveau lead").wait_for()
    await at.page.get_by_label("Téléphone").fill("00 00")
    await at.page.get_by_label("Nom", exact=True).fill("Fournier")
    await at.page.get_by_label("Prénom").fill("Camille")
    await at.page.get_by_label("Département").fill("99999")
    await at.page.get_by_role("button", name="Enregistrer").click()
    await at.page.get_by_text("Numéro de téléphone inutilisable.").wait_for()
    await at.page.get_by_text("Département inconnu.").wait_for()
    await at.page.get_by_label("Téléphone").fill("+33 1 99 00 42 17")
    await at.page.get_by_label("Département").fill("34000")
    await at.page.get_by_label("La personne a accepté").check()
    await at.page.get_by_label("Ce qui lui a été dit").fill("Accepte d'être rappelée pour son projet.")
    await at.page.get_by_label("Où en est la preuve").fill("Appel du 11 mars")
    await at.page.get_by_role("button", name="Enregistrer").click()
    await at.page.get_by_role("heading", name="Camille Fournier", level=1).wait_for()
    stored = await trade.row("leads", nom="Fournier")
    assert (stored["status"], stored["source"], stored["consent"]["given"]) == ("routed", "saisie", True)


async def test_a_wrong_number_is_corrected_and_the_lead_is_sold(at: Desk, trade: Trade) -> None:
    await trade.buyer()
    lead = await trade.lead(phone="0000", nom="Lefèvre", prenom="Camille")
    await sign_in(at, trade.parts, "ops")
    await at.open(f"/admin/leads/{lead['id']}")
    await at.page.get_by_role("button", name="Soumettre à nouveau").click()
    await at.page.get_by_role("dialog").get_by_role("button", name="Soumettre à nouveau").click()
    await at.page.get_by_text("Numéro de téléphone inutilisable.").wait_for()
    await at.page.get_by_role("link", name="Corriger").click()
    await at.page.get_by_label("Téléphone").fill("01 99 00 42 18")
    await at.page.get_by_role("button", name="Enregistrer").click()
    await at.page.get_by_role("heading", name="Camille Lefèvre", exact=True).wait_for()
    await at.page.get_by_text("Attribué", exact=True).first.wait_for()
    assert (await trade.stored(lead["id"]))["phone"] == "+33199004218"


async def test_the_bench_shows_the_decision_and_takes_nothing(at: Desk, trade: Trade) -> None:
    await trade.buyer("Habitat Occitan", quota_semaine=1, priorite=1)
    await trade.buyer("Solaire du Midi")
    await trade.lead()
    await sign_in(at, trade.parts, "ops")
    await at.open("/admin/leads")
    await at.page.get_by_role("link", name="Banc d’essai").click()
    await at.page.get_by_role("heading", level=1, name="Banc d’essai").wait_for()
    await at.page.get_by_label("Téléphone").fill("01 99 00 42 17")
    await at.page.get_by_label("Département").fill("34")
    await at.page.get_by_role("button", name="Essayer").click()
    line = at.page.get_by_role("listitem")
    await line.filter(has_text="Solaire du Midi").get_by_text("Recevrait ce lead").wait_for()
    await line.filter(has_text="Habitat Occitan").get_by_text("Quota").wait_for()
    assert len(await trade.rows("deliveries")) == 1
