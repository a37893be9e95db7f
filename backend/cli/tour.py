"""The leads of the guided tour: a week of trade on a base where nothing has happened yet, its clock moved meanwhile.

Monday of last week « Énergies du Rhône » fills its week and « Soleil d’Oc » is sold the ten leads; on Sunday they come
again, and each goes to the one buyer that is left, an agency of « Habitat Occitan ». Their orders end with that week.
"""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from backend.batches.models import Tally
from backend.bootstrap import Parts
from backend.cli.market import SUD, Buyer, Order
from backend.cli.seed import BY, Seeded, plant_buyer
from backend.clients.models import ClientUpdate
from backend.commandes.models import CommandeChange
from backend.core import weeks
from backend.core.clock import utcnow
from backend.core.mongo import Doc
from backend.core.paging import Page
from backend.core.tenancy import Scope
from backend.core.text import folded
from backend.intake.models import Source, SubmitBody
from backend.tour.models import Tour, TourLead

ENTITY = "ZR7"
_OWN = Scope((ENTITY,))
_WITHIN_S = 90
_WINDOW_DAYS = 14
_ROOM = 40
_NEXT = Buyer(ENTITY, "Énergies du Rhône", "leads@energies-rhone.test", (Order("PAC", SUD, 2, 1, "31.50"),))
_FILLERS = (("Aubert", "Lucie", "01 99 00 42 15"), ("Besson", "Marc", "01 99 00 42 16"))
# Who comes, from where, and the agency that buys: one for each visit, so that none finds the traces of another.
VISITS = (
    ("Fournier", "Camille", "01 99 00 42 17", "34", "Habitat Occitan"),
    ("Garnier", "Louise", "01 99 00 42 18", "30", "Habitat Occitan Nîmes"),
    ("Marchand", "Hugo", "01 99 00 42 19", "11", "Habitat Occitan Aude"),
    ("Lefèvre", "Jeanne", "01 99 00 42 20", "66", "Habitat Occitan Roussillon"),
    ("Delmas", "Paul", "01 99 00 42 21", "13", "Habitat Occitan Provence"),
    ("Rivière", "Sophie", "01 99 00 42 22", "06", "Habitat Occitan Azur"),
    ("Moreau", "Farid", "01 99 00 42 23", "83", "Habitat Occitan Var"),
    ("Guérin", "Maud", "01 99 00 42 24", "84", "Habitat Occitan Vaucluse"),
    ("Leroy", "Noël", "01 99 00 42 25", "04", "Habitat Occitan Durance"),
    ("Fabre", "Inès", "01 99 00 42 26", "05", "Habitat Occitan Écrins"),
)


async def plant_tour(parts: Parts, *, follow_s: float = 2.5) -> bool:
    """Plant the ten visits. False, and nothing is done, on a base that has them or has ever received a lead.

    `follow_s`: how long the other processes of the base take to follow its clock. They send what is handed over here.
    """
    if await parts.tour.planted() or (await parts.leads.page(parts.everyone, {}, Page(1, 0))).total:
        return False
    await parts.jobs.installed_at()  # noted before the clock moves: no slot of those days is due
    began, real = parts.clock.now(), utcnow()
    week = weeks.shift_week(weeks.week_of(began), -1)
    await _open_days(parts, weeks.week_monday(week) + timedelta(days=6))
    try:
        await _at(parts, week, 0, follow_s)
        await plant_buyer(parts, _NEXT, Seeded())
        await _sell([await _submit(parts, *one, "34") for one in _FILLERS], parts)
        await _sell([await _submit(parts, *one[:4]) for one in VISITS], parts)
        await _at(parts, week, 6, follow_s)
        leads = [await _visit(parts, number, week) for number in range(1, len(VISITS) + 1)]
        await _sell([one.lead_id for one in leads], parts)
    finally:
        await parts.clock.move_to(parts.mongo, began + (utcnow() - real))
        await asyncio.sleep(follow_s)
    await _make_room(parts)
    await parts.tour.plant(Tour(planted_at=parts.clock.now(), leads=leads))
    return True


async def _open_days(parts: Parts, sunday: date) -> None:
    """Every day for the tour's company; that Sunday for the other one, whose calendar would be a fourth reason."""
    for entity in parts.everyone.entities:
        own = {"enabled_days": list(range(7)), "holidays_closed": False}
        given = own if entity == ENTITY else {"opened_dates": [sunday.isoformat()]}
        await parts.parametres.write(entity, "delivery_calendar", given, BY)


async def _at(parts: Parts, week: str, day: int, follow_s: float) -> None:
    """Nine o'clock on that day of the week, for every process."""
    await parts.clock.move_to(parts.mongo, weeks.at_paris(weeks.week_monday(week) + timedelta(days=day), 9, 0))
    await asyncio.sleep(follow_s)


async def _submit(parts: Parts, nom: str, prenom: str, phone: str, departement: str) -> str:
    given = {"nom": nom, "prenom": prenom, "phone": phone, "departement": departement, "entity": ENTITY}
    given |= {"produit": "PAC", "lp_code": "pac-occitanie", "utm_source": "google"}
    consent = {"given": True, "text": "J'accepte d'être rappelé au sujet de mon projet de pompe à chaleur.",
               "at": parts.clock.now().isoformat(), "url": "https://pac.exemple.fr/devis"}  # fmt: skip
    body = SubmitBody.model_validate({**given, "email": f"{folded(prenom)}@exemple.fr", "consent": consent})
    received = await parts.intake.submit(body, Source(slug="public", ip="127.0.0.1", user_agent=BY))
    return str(received.body["lead_id"])


async def _visit(parts: Parts, number: int, week: str) -> TourLead:
    """The agency, a lead that it keeps, then the one that nobody else can take."""
    nom, prenom, phone, departement, agency = VISITS[number - 1]
    order = Order("PAC", (departement,), 5, 1, "32.00", renews=False)
    buyer = Buyer(ENTITY, agency, f"leads{number}@habitat-occitan.test", (order,))
    await plant_buyer(parts, buyer, Seeded())
    client_id = await _client(parts, agency)
    await parts.clients.update(_OWN, client_id, ClientUpdate(return_window_days=_WINDOW_DAYS), BY)
    await _submit(parts, "Chevalier", "Bruno", f"01 99 00 43 {number:02d}", departement)
    await _rank(parts, client_id, CommandeChange(priorite=5))
    lead_id = await _submit(parts, nom, prenom, phone, departement)
    lead = await parts.leads.get(_OWN, lead_id)
    return TourLead(
        number=number, lead_id=lead_id, phone=lead.phone, client_id=client_id, client_name=agency, week=week
    )


async def _client(parts: Parts, name: str) -> str:
    rows = (await parts.clients.page(_OWN, Page(100, 0), active_only=True, search=name)).rows
    return next(one.id for one in rows if one.name == name)


async def _sell(lead_ids: list[str], parts: Parts) -> None:
    """Hand over what waits, and let it leave."""
    tally = Tally()
    await parts.batches.build(ENTITY, tally)
    await parts.batches.hand_over_waiting(ENTITY, tally)
    parts.outbox.poke()
    async with asyncio.timeout(_WITHIN_S):
        for lead_id in lead_ids:
            await _until_sent(parts, lead_id)


async def _until_sent(parts: Parts, lead_id: str) -> None:
    while True:
        rows: list[Doc] = await parts.deliveries.of_lead(lead_id)
        if any(row["status"] == "sent" for row in rows):
            return
        await asyncio.sleep(0.2)


async def _make_room(parts: Parts) -> None:
    """This week the next buyer takes its part, after the others."""
    await _rank(parts, await _client(parts, _NEXT.name), CommandeChange(quota_semaine=_ROOM, priorite=6))


async def _rank(parts: Parts, client_id: str, change: CommandeChange) -> None:
    found = await parts.commandes.page(_OWN, {"client_id": client_id}, Page(1, 0), None)
    await parts.commandes.change(_OWN, found.rows[0].id, change, BY)
