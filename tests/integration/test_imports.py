"""Clients, commandes and prices from a spreadsheet: mapped, checked whole, written as a task, never twice."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.mongo import Doc
from tests.support.departure import settle
from tests.support.desk import Desk
from tests.support.people import headers
from tests.support.trade import Trade

CLIENTS = """\ufeffRaison sociale;E-mail;Délai de paiement (jours);Envoi automatique;TVA (%);Adresses d'envoi;Inconnue
Énergies du Rhône;leads@energies-rhone.fr;45;Non;5,5;a@energies-rhone.fr, b@energies-rhone.fr;x
"Maison; Verte";leads@maison-verte.fr;;;;;
"""


async def desk(trade: Trade, role: str = "admin", entity: str = "ZR7", scope: str | None = None) -> Desk:
    return Desk(trade.http, await headers(trade.parts, role, entity, scope), "/api/imports")


async def asked(at: Desk, kind: str, text: str, status: int = 200, **more: Any) -> Doc:
    answer = await at.post(f"/{kind}", {"text": text, **more})
    assert answer.status_code == status, answer.text
    told: Doc = answer.json()
    return told


async def written(trade: Trade, at: Desk, kind: str, text: str, **more: Any) -> Doc:
    told = await asked(at, kind, text, 202, check=False, **more)
    await settle(trade)
    task = await trade.row("tasks", id=told["task"]["id"])
    assert task["state"] == "done"
    return task


async def test_clients_are_checked_then_written_once_however_often_the_file_comes(trade: Trade) -> None:
    at = await desk(trade)
    told = await asked(at, "clients", CLIENTS)
    assert (told["rows"], told["ready"], told["existing"], told["errors"]) == (2, 2, 0, [])
    assert told["mapping"]["name"] == "Raison sociale" and "Inconnue" in told["columns"]
    assert await trade.rows("clients") == []
    assert (await written(trade, at, "clients", CLIENTS))["succeeded"] == 2
    one = await trade.row("clients", email="leads@energies-rhone.fr")
    assert (one["name"], one["payment_terms_days"], one["auto_send_enabled"]) == ("Énergies du Rhône", 45, False)
    assert one["delivery_emails"] == ["a@energies-rhone.fr", "b@energies-rhone.fr"]
    assert str(one["vat_rate"]) == "5.5"
    again = await asked(at, "clients", CLIENTS)
    assert (again["ready"], again["existing"]) == (0, 2)
    task = await written(trade, at, "clients", CLIENTS)
    assert (task["succeeded"], task["ignored"], len(await trade.rows("clients"))) == (0, 2, 2)


async def test_each_refused_cell_is_told_with_its_row_and_column_and_nothing_is_written(trade: Trade) -> None:
    at = await desk(trade)
    text = (
        "Nom,E-mail,TVA (%),SIREN\n"
        "Solaire,pas une adresse,20,\n"
        ",b@solaire.fr,vingt,\n"
        "Un,c@solaire.fr,20,123456789\n"
        "Deux,C@solaire.fr,20,\n"
        "Trop,d@solaire.fr,20,,en trop\n"
    )
    told = await asked(at, "clients", text)
    found = {(one["row"], one["column"]): one["message"] for one in told["errors"]}
    assert found[2, "E-mail"] == "Adresse e-mail invalide."
    assert found[3, "Nom"] == "Champ obligatoire."
    assert found[3, "TVA (%)"] == "Un nombre est attendu, par exemple 25,50."
    assert (4, "SIREN") in found
    assert found[5, "E-mail"] == "Déjà donné ligne 4."
    assert found[6, ""] == "Plus de cellules que de titres."
    assert told["errors_total"] == len(told["errors"]) == 6
    refused = await asked(at, "clients", text, 409, check=False)
    assert refused["error"] == "rows_refused"
    assert await trade.rows("clients") == await trade.rows("tasks") == []


async def test_columns_are_mapped_by_hand(trade: Trade) -> None:
    at = await desk(trade)
    text = "Société cliente;Boîte\nSolaire;leads@solaire.fr\n"
    told = await asked(at, "clients", text)
    assert {(one["row"], one["column"]) for one in told["errors"]} == {(1, "Nom"), (1, "E-mail")}
    mapping = {"name": "Société cliente", "email": "Boîte"}
    assert (await asked(at, "clients", text, mapping=mapping))["ready"] == 1
    wrong = await asked(at, "clients", text, 422, mapping={"name": "Ailleurs"})
    assert "Ailleurs" in wrong["detail"]["mapping"]
    twice = await asked(at, "clients", text, 422, mapping={"name": "Boîte", "email": "Boîte"})
    assert "qu'un champ" in twice["detail"]["mapping"]


async def test_commandes_find_their_client_and_open_once(trade: Trade) -> None:
    client = await trade.client("Solaire du Midi")
    for _ in range(2):
        await trade.client("Homonyme", email=f"h{_}@homonyme.fr")
    at = await desk(trade)
    wrong = "Client;Produit;Départements\nAbsent;PV;13\nHomonyme;PV;13\nsolaire du midi;XX;999\n"
    found = {(one["row"], one["column"]): one["message"] for one in (await asked(at, "commandes", wrong))["errors"]}
    assert set(found) == {(2, "Client"), (3, "Client"), (4, "Produit")}
    assert "Plusieurs clients" in found[3, "Client"]
    text = (
        "Client;Produit;Départements;Quota par semaine;Part de LB (%);Priorité;Reconduite\n"
        f"{client.email};pv;13, 83 84;50;20;2;Non\n"
        "SOLAIRE DU MIDI;PAC;Toute la France;Illimité;;;\n"
    )
    assert (await written(trade, at, "commandes", text))["succeeded"] == 2
    pv = await trade.row("commandes", produit="PV")
    assert (pv["departements"], pv["quota_semaine"], pv["priorite"], pv["auto_renew"]) == (
        ["13", "83", "84"],
        50,
        2,
        False,
    )
    assert str(pv["lb_target_pct"]) in {"0.2", "0.20"}
    assert (await trade.row("commandes", produit="PAC"))["quota_semaine"] == 0
    assert (await written(trade, at, "commandes", text))["ignored"] == 2
    assert len(await trade.rows("commandes")) == 2


async def test_prices_are_set_from_their_day_and_are_one_when_they_come_again(trade: Trade) -> None:
    client = await trade.client()
    at = await desk(trade)
    text = f"Client;Produit;Prix HT;Facturation;À partir du\n{client.email};PV;25,50 €;Hebdomadaire;16/03/2026\n"
    for _ in range(2):
        assert (await written(trade, at, "prices", text))["succeeded"] == 1
    [price] = await trade.rows("client_product_pricing")
    assert (str(price["unit_price_eur"]), price["valid_from"]) == ("25.50", "2026-03-16")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Nom;E-mail\n", "Aucune ligne"),
        ("Nom;nom\nx;y\n", "tous différents"),
        ("Nom;E-mail\n" + "a;b\n" * 5_001, "5000 au plus"),
    ],
)
async def test_a_file_that_cannot_be_read_says_why(trade: Trade, text: str, told: str) -> None:
    answer = await asked(await desk(trade), "clients", text, 422)
    assert told in answer["detail"]["text"]


async def test_an_import_is_of_one_entity_and_of_who_may_create(trade: Trade) -> None:
    ops = await desk(trade, "ops")
    assert (await ops.post("/clients", {"text": CLIENTS})).status_code == 403
    boss = await desk(trade, "super_admin", scope="BOTH")
    assert (await boss.post("/clients", {"text": CLIENTS})).json()["error"] == "entity_required"
    task = await written(trade, boss, "clients", CLIENTS, entity="MDL")
    assert (task["entity"], {one["entity"] for one in await trade.rows("clients")}) == ("MDL", {"MDL"})


@pytest.mark.parametrize("kind", ["clients", "commandes", "prices"])
async def test_the_template_is_read_back_without_a_missing_column(trade: Trade, kind: str) -> None:
    await trade.client("Solaire", email="leads@solaire.fr")
    at = await desk(trade)
    answer = await at.get(f"/{kind}/template")
    assert answer.headers["content-disposition"].startswith("attachment")
    told = await asked(at, kind, answer.text)
    assert told["errors"] == [] and len(told["mapping"]) == len(told["fields"])
