"""Many rows at once: chosen in a list, counted before, followed in the corner, told row by row."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Locator, expect

from tests.support.browser import Desk, sign_in
from tests.support.departure import settle
from tests.support.outbox import eventually
from tests.support.trade import Trade


async def test_deliveries_are_rejected_together_and_the_task_survives_a_reload(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "ops")
    await at.open("/admin/deliveries")
    await at.page.get_by_role("checkbox", name="Sélectionner la page").check()
    await at.page.get_by_role("button", name="Rejeter…").click()
    dialog = at.page.get_by_role("dialog")
    await dialog.get_by_text("3 à rejeter, 1 sans effet (pas encore envoyée)").wait_for()
    await dialog.get_by_role("button", name="Rejeter 3 livraisons").click()
    await dialog.get_by_text("Choisissez un motif.").wait_for()
    await dialog.get_by_role("combobox", name="Motif").click()
    await at.page.get_by_role("option", name="Injoignable").click()
    await dialog.get_by_role("button", name="Rejeter 3 livraisons").click()
    tray = at.page.get_by_role("region", name="Tâches en cours")
    await tray.get_by_text("En cours").wait_for()
    await at.open("/admin/leads")
    await tray.get_by_text("Rejet de livraisons").wait_for()
    await settle(market)
    await tray.get_by_text("Faites\u202f: 3, en échec\u202f: 0, sans effet\u202f: 1").wait_for()
    assert len(await market.rows("deliveries", outcome="rejected", rejection_reason="injoignable")) == 3
    await tray.get_by_role("link", name="Voir le détail").click()
    await at.page.get_by_role("heading", name="Rejet de livraisons", level=1).wait_for()
    await at.page.get_by_text("Pas encore envoyée.").first.wait_for()
    await tray.get_by_role("button", name="Masquer cette tâche").click()
    await expect(tray).to_have_count(0)


async def test_every_result_of_a_filter_but_one_is_paused(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "super_admin")
    await at.open("/admin/commandes")
    await at.page.get_by_role("checkbox", name="Sélectionner Solaire du Midi").check()
    await at.page.get_by_role("button", name="Sélectionner les 3 résultats").click()
    await at.page.get_by_role("checkbox", name="Sélectionner Solaire du Midi").uncheck()
    await at.page.get_by_text("2 sélectionnés").wait_for()
    await at.page.get_by_role("button", name="Mettre en pause…").click()
    await at.page.get_by_role("dialog").get_by_role("button", name="Mettre en pause 2 commandes").click()
    await at.page.get_by_role("region", name="Tâches en cours").wait_for()
    await settle(market)
    active = {one["client_id"] for one in await market.rows("commandes", active=True)}
    assert active == {(await market.row("clients", name="Solaire du Midi"))["id"]}


async def test_a_running_task_is_stopped_from_the_corner(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "admin")
    await at.open("/admin/clients")
    await at.page.get_by_role("checkbox", name="Sélectionner la page").check()
    await at.page.get_by_role("button", name="Mettre en pause…").click()
    await at.page.get_by_role("dialog").get_by_role("button", name="Mettre en pause 2 clients").click()
    tray = at.page.get_by_role("region", name="Tâches en cours")
    await tray.get_by_role("button", name="Arrêter").click()
    await at.page.get_by_role("dialog").get_by_role("button", name="Arrêter la tâche").click()
    await tray.get_by_text("Arrêtée").wait_for()
    await settle(market)
    assert not await market.rows("clients", active=False)


async def test_the_numbers_of_a_buyers_email_are_matched_and_rejected_for_one_reason(at: Desk, market: Trade) -> None:
    client = await market.row("clients", name="Solaire du Midi")
    sent = await market.rows("deliveries", client_id=client["id"], status="sent")
    first, second = (f"0{one['contact']['phone'][3:]}" for one in sent)
    await sign_in(at, market.parts, "ops")
    await at.open(f"/admin/clients/{client['id']}")
    await at.page.get_by_role("link", name="Rejeter une liste…").click()
    text = (
        f"Bonjour, le {'.'.join(first[n : n + 2] for n in range(0, 10, 2))} est faux\n+33 {second[1:]}\n01 99 00 99 99"
    )
    await at.page.get_by_label("Texte du client").fill(text)
    await at.page.get_by_role("button", name="Chercher les numéros").click()
    table = at.page.get_by_role("region", name="Numéros trouvés")
    await table.get_by_text("Jamais livré à ce client").wait_for()
    await expect(table.get_by_text("À rejeter")).to_have_count(2)
    await table.get_by_role("checkbox", name=f"Rejeter Camille {sent[1]['contact']['nom']}").uncheck()
    await at.page.get_by_role("button", name="Rejeter 1 livraison").click()
    await at.page.get_by_text("Choisissez un motif.").wait_for()
    await at.page.get_by_role("combobox", name="Motif").click()
    await at.page.get_by_role("option", name="Faux numéro").click()
    await at.page.get_by_role("button", name="Rejeter 1 livraison").click()
    await at.page.get_by_text("Rejets lancés.").wait_for()
    await settle(market)
    assert (await market.row("deliveries", id=sent[0]["id"]))["rejection_reason"] == "faux_numero"
    assert (await market.row("deliveries", id=sent[1]["id"]))["outcome"] == "accepted"


async def chosen(at: Desk, path: str, row: str, button: str) -> Locator:
    """The dialog of an action on one row of a list."""
    await at.open(path)
    await at.page.get_by_role("table").get_by_role("checkbox", name=f"Sélectionner {row}").check()
    await at.page.locator(".selection-bar").get_by_role("button", name=button).click()
    return at.page.get_by_role("dialog")


async def test_each_action_of_the_bar_does_what_it_says(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "admin")
    dialog = await chosen(at, "/admin/deliveries", "Jean-Baptiste Moreau", "Envoyer…")
    await dialog.get_by_role("button", name="Envoyer 1 livraison").click()
    await done(market, 1)
    moreau = await market.row("deliveries", **{"contact.nom": "Moreau"})
    assert moreau["status"] == "sent"
    dialog = await chosen(at, "/admin/deliveries", "Jean-Baptiste Moreau", "Renvoyer une copie…")
    await dialog.get_by_role("button", name="Renvoyer 1 livraison").click()
    await done(market, 2)
    assert len(await market.rows("outbox", kind="email_copy")) == 1
    dialog = await chosen(at, "/admin/deliveries", "Camille Garnier", "Retirer…")
    await dialog.get_by_role("combobox", name="Motif").click()
    await at.page.get_by_role("option", name="Hors zone").click()
    await dialog.get_by_role("button", name="Retirer 1 livraison").click()
    await done(market, 3)
    assert (await market.row("deliveries", **{"contact.nom": "Garnier", "status": "sent"}))["outcome"] == "removed"
    for number, (path, name, there, back) in enumerate(PAUSES):
        for word, active in ((there, False), (back, True)):
            dialog = await chosen(at, path, "Habitat Occitan", f"{word}…")
            await dialog.get_by_role("button", name=f"{word} 1 {name}").click()
            await done(market, 4 + 2 * number + active)
            collection = path.split("/")[2].split("?")[0]
            found = await market.row("clients", name="Habitat Occitan")
            about = {"id": found["id"]} if name == "client" else {"client_id": found["id"]}
            assert (await market.row(collection, **about))["active"] is active
    await market.parts.clock.move_to(market.parts.mongo, market.parts.clock.now() + timedelta(days=7))
    dialog = await chosen(at, "/admin/facturation?semaine=2026-W11", "Habitat Occitan", "Clore…")
    await dialog.get_by_role("button", name="Clore 1 semaine").click()
    await done(market, 8)
    await at.page.get_by_role("region", name="Tâches en cours").get_by_role("link", name="Voir le détail").first.click()
    await at.page.get_by_text("sans prix : saisissez le prix d’abord.").first.wait_for()


PAUSES = (
    ("/admin/clients?inactifs=1", "client", "Mettre en pause", "Activer"),
    ("/admin/commandes?pause=1", "commande", "Mettre en pause", "Activer"),
)


async def done(trade: Trade, number: int) -> None:
    """So many tasks were asked for, and all are over."""
    await eventually(lambda: asked(trade, number))
    await settle(trade)
    assert {one["state"] for one in await trade.rows("tasks")} == {"done"}


async def asked(trade: Trade, number: int) -> bool:
    return len(await trade.rows("tasks", state={"$ne": "preparing"})) == number
