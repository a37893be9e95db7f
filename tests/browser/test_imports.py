"""A spreadsheet of clients: its refused cells are told, then the file put right is written, once."""

from __future__ import annotations

from pathlib import Path

from tests.support.browser import Desk, sign_in
from tests.support.departure import settle
from tests.support.trade import Trade

WRONG = "Société;E-mail\nÉnergies du Rhône;pas une adresse\n"
RIGHT = "Société;E-mail\nÉnergies du Rhône;leads@energies-rhone.fr\nHabitat Bleu;leads@habitat-bleu.fr\n"


async def test_a_file_is_mapped_mended_and_imported(at: Desk, trade: Trade, tmp_path: Path) -> None:
    (tmp_path / "faux.csv").write_text(WRONG)
    (tmp_path / "juste.csv").write_bytes(RIGHT.encode("windows-1252"))
    await sign_in(at, trade.parts, "admin")
    await at.open("/admin/clients")
    await at.page.get_by_role("link", name="Importer…").click()
    async with at.page.expect_download() as waiting:
        await at.page.get_by_role("link", name="Télécharger le modèle").click()
    assert (await waiting.value).suggested_filename == "modele_clients.csv"
    await at.page.locator("input[type=file]").set_input_files(tmp_path / "faux.csv")
    errors = at.page.get_by_role("region", name="Cellules refusées")
    await errors.get_by_text("Adresse e-mail invalide.").wait_for()
    await at.page.get_by_role("combobox", name="Interlocuteur").click()
    await at.page.get_by_role("option", name="E-mail").click()
    await at.page.get_by_text("Une colonne ne peut remplir qu’un champ.").wait_for()
    await at.page.locator("input[type=file]").set_input_files(tmp_path / "juste.csv")
    await at.page.get_by_role("button", name="Écrire 2 lignes").click()
    tray = at.page.get_by_role("region", name="Tâches en cours")
    await tray.get_by_text("Import de clients").wait_for()
    await settle(trade)
    await tray.get_by_text("Faites\u202f: 2, en échec\u202f: 0, sans effet\u202f: 0").wait_for()
    assert {one["name"] for one in await trade.rows("clients")} == {"Énergies du Rhône", "Habitat Bleu"}
    await at.page.locator("input[type=file]").set_input_files(tmp_path / "juste.csv")
    await at.page.get_by_role("button", name="Écrire 0 ligne").wait_for()
    assert len(await trade.rows("clients")) == 2
