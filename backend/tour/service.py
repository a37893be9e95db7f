"""Use cases of the tour: give the next lead, tell how far its visit is."""

from __future__ import annotations

from backend.accounts.caller import Caller
from backend.audit.models import EventFilters
from backend.audit.service import AuditService
from backend.core import phone as phones
from backend.core.errors import Conflict, NotFound
from backend.core.mongo import Doc
from backend.core.paging import Page
from backend.core.tenancy import Scope
from backend.deliveries.service import DeliveriesService
from backend.invoices.service import InvoicesService
from backend.leads.service import LeadsService
from backend.tour.models import Resold, Tour, TourLead, TourState
from backend.tour.store import TourStore


class TourService:
    def __init__(
        self,
        store: TourStore,
        audit: AuditService,
        leads: LeadsService,
        deliveries: DeliveriesService,
        invoices: InvoicesService,
    ) -> None:
        self._store = store
        self._audit = audit
        self._leads = leads
        self._deliveries = deliveries
        self._invoices = invoices

    async def planted(self) -> bool:
        """Whether this is the demonstration base."""
        return await self._store.planted()

    async def plant(self, tour: Tour) -> None:
        await self._store.plant(tour)

    async def start(self, caller: Caller) -> TourState:
        """The next lead that no visit has used. 409 `tour_over` once all have served."""
        tour = await self._tour()
        for one in tour.leads:
            if not one.taken_by:
                await self._leads.get(caller.scope, one.lead_id)
                if await self._store.take(one, caller.user_id):
                    return await self._state(caller.scope, tour, one)
        raise Conflict("Les leads de la visite ont tous servi : repartez d'une base vide.", code="tour_over")

    async def state(self, scope: Scope, number: int) -> TourState:
        """How far the visit of that number is. 404 outside the demonstration base, or out of scope."""
        tour = await self._tour()
        one = next((each for each in tour.leads if each.number == number), None)
        if one is None:
            raise NotFound("Cette visite n'existe pas.")
        return await self._state(scope, tour, one)

    async def _tour(self) -> Tour:
        tour = await self._store.current()
        if tour is None:
            raise NotFound("La visite guidée n'existe que sur la base de démonstration.")
        return tour

    async def _state(self, scope: Scope, tour: Tour, one: TourLead) -> TourState:
        lead = await self._leads.get(scope, one.lead_id)
        rows = await self._deliveries.of_lead(one.lead_id)
        first = next((row for row in rows if row["client_id"] == one.client_id), None)
        again = next((row for row in rows if row["client_id"] != one.client_id and row["status"] != "cancelled"), None)
        found = await self._invoices.listed(scope, Page(10, 0), None, one.client_id, "invoice", one.week)
        issued = next((each for each in found.rows if each.status != "draft"), None)
        return TourState(
            number=one.number,
            of=len(tour.leads),
            phone=phones.display(lead.phone),
            lead_id=one.lead_id,
            delivery_id=first["id"] if first else None,
            client_id=one.client_id,
            client_name=one.client_name,
            week=one.week,
            rejected=first is not None and first["outcome"] == "rejected",
            resold=await self._resold(scope, again) if again else None,
            invoice_id=issued.id if issued else None,
            issued=issued is not None,
        )

    async def _resold(self, scope: Scope, row: Doc) -> Resold:
        downloaded = False
        if row["batch_id"]:
            wanted = EventFilters(action="batch_downloaded", entity_id=row["batch_id"])
            downloaded = bool((await self._audit.page(scope, wanted, Page(1, 0))).rows)
        return Resold(
            delivery_id=row["id"],
            client_name=row["client_name"],
            batch_id=row["batch_id"],
            sent=row["status"] == "sent",
            downloaded=downloaded,
        )
