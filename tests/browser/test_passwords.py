"""A forgotten password, from the login page to the dashboard; a person invited."""

from __future__ import annotations

import re

from tests.support.browser import PHONE, WIDE, Desk, sign_in
from tests.support.departure import settle
from tests.support.people import person
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade


def link(mail: MailServer) -> str:
    found = re.search(r"/mot-de-passe#\S+", mail.messages[-1].message.get_content())
    assert found is not None
    return found[0]


async def test_a_forgotten_password_is_chosen_by_its_link(at: Desk, trade: Trade) -> None:
    user = await person(trade.parts, "ops")
    async with mail_server() as server:
        server.serve(trade.parts)
        trade.parts.recovery.forget()
        await at.open("/login")
        await at.page.get_by_role("link", name="Mot de passe oublié").click()
        await at.page.get_by_label("Adresse e-mail").fill(user.email)
        for size in (WIDE, PHONE):
            await at.dress("dark", size)
            assert await at.faults() == []
        await at.page.get_by_role("button", name="Recevoir un lien").click()
        await at.page.get_by_text("un e-mail vient de partir").wait_for()
        await settle(trade)
        await at.open(link(server))
    for size in (PHONE, WIDE):
        await at.dress("light", size)
        assert await at.faults() == []
    await at.page.get_by_label("Nouveau mot de passe").fill("court")
    await at.page.get_by_label("Le même, encore une fois").fill("court")
    await at.page.get_by_role("button", name="Enregistrer").click()
    await at.page.get_by_text("Au moins 8 caractères").wait_for()
    for label in ("Nouveau mot de passe", "Le même, encore une fois"):
        await at.page.get_by_label(label).fill("quatre mots sans rapport")
    await at.page.get_by_role("button", name="Enregistrer").click()
    await at.page.get_by_text("Mot de passe enregistré.").wait_for()
    await at.page.get_by_role("link", name="Se connecter").click()
    await at.page.get_by_label("Adresse e-mail").fill(user.email)
    await at.page.get_by_label("Mot de passe", exact=True).fill("quatre mots sans rapport")
    await at.page.get_by_role("button", name="Se connecter").click()
    await at.page.get_by_role("heading", name="Cockpit").wait_for()


async def test_a_person_is_invited_without_a_password(at: Desk, trade: Trade) -> None:
    await sign_in(at, trade.parts, "super_admin")
    async with mail_server() as server:
        server.serve(trade.parts)
        await at.open("/admin/users?fiche=nouveau")
        panel = at.page.get_by_role("complementary", name="Nouvel utilisateur")
        await panel.get_by_label("Nom").fill("Nouvelle Personne")
        await panel.get_by_label("Adresse e-mail").fill("nouvelle@exemple.fr")
        await panel.get_by_role("button", name="Enregistrer").click()
        await at.page.get_by_role("complementary", name="Nouvelle Personne").wait_for()
        await settle(trade)
        first = link(server)
        await at.page.get_by_role("button", name="Envoyer un lien").click()
        await at.page.get_by_role("dialog").get_by_role("button", name="Envoyer le lien").click()
        await at.page.get_by_text("Lien envoyé.").wait_for()
        await settle(trade)
        assert link(server) != first
