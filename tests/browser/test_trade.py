"""What the pages of clients, commandes, départements and providers are for."""

from __future__ import annotations

from playwright.async_api import expect

from tests.support.browser import Desk, sign_in
from tests.support.people import headers
from tests.support.trade import Trade


async def test_a_client_is_created_and_its_sheet_says_what_is_missing(at: Desk, trade: Trade) -> None:
    await sign_in(at, trade.parts, "admin")
    await at.open("/admin/clients")
    await at.page.get_by_role("link", name="Créer un client").first.click()
    await at.page.get_by_label("Nom", exact=True).fill("Énergies du Rhône")
    await at.page.get_by_label("Adresse e-mail", exact=True).fill("pas une adresse")
    await at.page.get_by_role("button", name="Enregistrer").click()
    await at.page.locator("[id$=-error]").first.wait_for()
    await at.page.get_by_label("Adresse e-mail", exact=True).fill("leads@energies-rhone.fr")
    await at.page.get_by_role("button", name="Enregistrer").click()
    await at.page.get_by_role("heading", name="Énergies du Rhône", level=1).wait_for()
    stored = await trade.row("clients", name="Énergies du Rhône")
    assert (stored["entity"], stored["email"]) == ("ZR7", "leads@energies-rhone.fr")
    await at.page.get_by_text("Il manque 2 points.").wait_for()
    await at.page.get_by_role("link", name="Tarifs").click()
    await at.page.get_by_role("button", name="Saisir un prix").click()
    dialog = at.page.get_by_role("dialog")
    await dialog.get_by_label("Prix HT").fill("25,50")
    await dialog.get_by_role("button", name="Saisir un prix").click()
    await at.page.get_by_text("Prix enregistré.").wait_for()
    await at.page.get_by_role("region", name="Prix appliqués aujourd’hui").get_by_text("25,50").first.wait_for()


async def test_a_pause_says_how_many_leads_it_releases(at: Desk, market: Trade) -> None:
    waiting = await market.row("deliveries", status="pending_csv")
    commande = await market.row("commandes", id=waiting["commande_id"])
    await sign_in(at, market.parts, "ops")
    await at.open(f"/admin/commandes/{commande['id']}")
    await at.page.get_by_role("button", name="Mettre en pause").click()
    dialog = at.page.get_by_role("dialog")
    await dialog.get_by_text("1 lead réservé sera libéré").wait_for()
    await dialog.get_by_role("button", name="Mettre en pause").click()
    await at.page.get_by_text("Commande en pause").first.wait_for()
    await at.page.get_by_role("button", name="Rouvrir").wait_for()
    assert (await market.row("commandes", id=commande["id"]))["active"] is False
    await at.page.get_by_role("button", name="Annuler").click()
    await at.page.get_by_role("button", name="Mettre en pause").wait_for()


async def test_a_client_is_paused_until_a_day_and_comes_back_at_once_when_undone(at: Desk, market: Trade) -> None:
    client = await market.row("clients", name="Solaire du Midi")
    await sign_in(at, market.parts, "admin")
    await at.open(f"/admin/clients/{client['id']}")
    await at.page.get_by_role("button", name="Désactiver").click()
    dialog = at.page.get_by_role("dialog")
    await dialog.get_by_text("1 lead réservé sera libéré.").wait_for()
    await dialog.get_by_label("Jusqu’au").fill("2026-03-10")
    await dialog.get_by_role("button", name="Désactiver").click()
    await dialog.get_by_text("Choisissez un jour à venir.").wait_for()
    await dialog.get_by_label("Jusqu’au").fill("2026-03-20")
    await dialog.get_by_role("button", name="Désactiver").click()
    await at.page.get_by_text("En pause jusqu’au 20/03/2026").first.wait_for()
    stored = await market.row("clients", id=client["id"])
    assert (stored["active"], stored["paused_until"]) == (False, "2026-03-20")
    await at.page.get_by_role("button", name="Annuler").click()
    await at.page.get_by_role("button", name="Désactiver").wait_for()
    assert (await market.row("clients", id=client["id"]))["paused_until"] is None


async def test_a_departement_without_a_buyer_is_found_on_the_grid(at: Desk, trade: Trade) -> None:
    await trade.buyer(departements=["13"], quota_semaine=5)
    await sign_in(at, trade.parts, "viewer")
    await at.open("/admin/departements")
    await expect(at.page.locator(".tile")).to_have_count(101)
    await at.page.get_by_role("button", name="Disponible 1").click()
    await expect(at.page.locator(".tile")).to_have_count(1)
    await at.page.locator(".tile").click()
    panel = at.page.get_by_role("complementary", name="13 Bouches-du-Rhône")
    await panel.get_by_role("link", name="Solaire du Midi").wait_for()
    assert await panel.get_by_role("link", name="Créer une commande").count() == 0


async def test_the_key_of_a_provider_is_shown_once(at: Desk, trade: Trade) -> None:
    await sign_in(at, trade.parts, "admin")
    await at.open("/admin/providers")
    await at.page.get_by_role("button", name="Créer un fournisseur").first.click()
    dialog = at.page.get_by_role("dialog")
    await dialog.get_by_label("Nom", exact=True).fill("Leads du Sud")
    await dialog.get_by_label("Identifiant").fill("leads-du-sud")
    await dialog.get_by_role("button", name="Créer un fournisseur").click()
    key = await at.page.locator(".key-once code").inner_text()
    answer = await trade.submit({"Authorization": f"Bearer {key}"})
    assert answer.status_code in {200, 201}, answer.text
    await at.page.get_by_role("button", name="J’ai copié la clé").click()
    await at.open("/admin/providers")
    assert key not in await at.page.content()
    await at.page.get_by_role("button", name="Mettre en pause").first.click()
    await at.page.get_by_role("dialog").get_by_role("button", name="Mettre en pause").click()
    await at.page.get_by_text("Fournisseur en pause.").wait_for()
    assert (await trade.row("providers", slug="leads-du-sud"))["active"] is False


async def test_a_commande_is_duplicated_for_another_client(at: Desk, trade: Trade) -> None:
    _, model = await trade.buyer(departements=["13", "83"], quota_semaine=12, priorite=2)
    other = await trade.client("Habitat Occitan")
    await sign_in(at, trade.parts, "super_admin")
    await at.open(f"/admin/commandes/{model.id}")
    await at.page.get_by_role("link", name="Dupliquer").click()
    await at.page.get_by_role("combobox", name="Client").click()
    await at.page.get_by_role("option", name="Habitat Occitan").click()
    await at.page.get_by_role("button", name="Enregistrer").click()
    await at.page.get_by_role("heading", name="Habitat Occitan, PV", level=1).wait_for()
    stored = await trade.row("commandes", client_id=other.id)
    assert (stored["departements"], stored["quota_semaine"], stored["priorite"]) == (["13", "83"], 12, 2)
    await at.open(f"/admin/commandes/nouvelle?client={other.id}")
    await at.page.get_by_label("Toute la France").check()
    await at.page.get_by_role("button", name="Enregistrer").click()
    await at.page.locator(".error-block").wait_for()  # one active commande per client and produit
    assert len(await trade.rows("commandes", client_id=other.id)) == 1


async def test_a_copy_of_a_lot_is_read_before_it_is_sent_again(at: Desk, market: Trade) -> None:
    batch = await market.row("delivery_batches", client_name="Habitat Occitan")
    await sign_in(at, market.parts, "ops")
    await at.open(f"/admin/batches/{batch['id']}")
    await at.page.get_by_role("button", name="Renvoyer une copie").click()
    dialog = at.page.get_by_role("dialog")
    await dialog.get_by_text("Copie : Livraison de leads ZR7 - PV").wait_for()
    await dialog.get_by_text(batch["csv_filename"]).first.wait_for()
    await dialog.get_by_role("region", name="Premières lignes").get_by_text("Fournier").wait_for()
    await dialog.get_by_role("button", name="Renvoyer une copie").click()
    await at.page.get_by_text("Copie remise à l’envoi.").wait_for()
    assert await market.row("outbox", kind="email_copy", client_id=batch["client_id"])


async def test_a_record_says_who_changed_what(at: Desk, trade: Trade) -> None:
    _, commande = await trade.buyer(quota_semaine=10)
    path = f"/api/commandes/{commande.id}"
    signed = await headers(trade.parts, "ops")
    assert (await trade.http.put(path, json={"quota_semaine": 20}, headers=signed)).status_code == 200
    await sign_in(at, trade.parts, "admin")
    await at.open(f"/admin/commandes/{commande.id}")
    await at.page.get_by_role("button", name="Voir les changements").click()
    await at.page.get_by_text("Commande modifiée · ops.zr7@exemple.fr").wait_for()
    await at.page.get_by_text("Quota : 10 → 20").wait_for()
