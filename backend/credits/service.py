"""Use cases of credits: granting free units, taking them back while their week is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.clients.models import Client
from backend.clients.service import ClientsService
from backend.commandes.service import CommandesService
from backend.core.clock import Clock
from backend.core.errors import Conflict, InvalidInput, NotFound
from backend.core.ids import new_id
from backend.core.mongo import Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.core.weeks import week_in_words
from backend.credits.models import Credit, CreditBody
from backend.credits.store import CreditsStore


class Closed(Protocol):
    """Whether the week of a client is closed: what it owes does not change any more."""

    async def __call__(self, client_id: str, week: str, tx: Tx) -> bool: ...


class CreditsService:
    """Each write holds the client (`ClientsService.hold`): a closing that does the same cannot miss a credit."""

    def __init__(
        self,
        mongo: Mongo,
        store: CreditsStore,
        audit: AuditService,
        clients: ClientsService,
        commandes: CommandesService,
        clock: Clock,
        everyone: Scope,
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._audit = audit
        self._clients = clients
        self._commandes = commandes
        self._clock = clock
        self._everyone = everyone
        self._closed: Closed | None = None

    def register(self, closed: Closed) -> None:
        """Given by `bootstrap`: the ledger knows which weeks are closed. Without it none is."""
        self._closed = closed

    async def of_week(self, client_id: str, week: str, tx: Tx | None = None) -> list[Credit]:
        """The client's credits of that week, for the ledger; the oldest first."""
        return await self._store.of_week(self._everyone, client_id, week, tx=tx)

    async def of_clients(self, clients: Sequence[str], week: str) -> list[Credit]:
        """The credits of that week of all these clients, in one question."""
        return await self._store.of_clients(self._everyone, clients, week)

    async def page(self, scope: Scope, client_id: str, week: str | None, page: Page) -> Paged[Credit]:
        """A client's credits, newest first. 404 when the client is not there."""
        await self._clients.get(scope, client_id)
        return await self._store.page(scope, client_id, week, page)

    async def add(self, scope: Scope, client_id: str, body: CreditBody, by: str) -> Credit:
        """Grant free units. 404 when the client or its commande is not there; 409 once the week is closed."""

        async def work(tx: Tx) -> Credit:
            client = await self._clients.hold(tx, scope, client_id)
            commande = await self._commandes.get(Scope((client.entity,)), body.order_id, tx=tx)
            if commande.client_id != client_id:
                raise NotFound("Commande introuvable pour ce client.")
            if commande.produit != body.product_code:
                raise InvalidInput({"product_code": f"Cette commande est de {commande.produit}."})
            await self._demand_open(tx, client_id, body.week_key)
            credit = Credit(
                id=new_id(), entity=client.entity, client_id=client_id, created_by=by, created_at=self._clock.now(),
                **body.model_dump(),
            )  # fmt: skip
            await self._store.insert(tx, credit)
            await self._tell(tx, client, credit, "credit_added", by)
            return credit

        return await self._mongo.transaction(work)

    async def delete(self, scope: Scope, client_id: str, credit_id: str, by: str) -> None:
        """Take back a credit. 404 when it is not the client's; 409 once its week is closed."""

        async def work(tx: Tx) -> None:
            client = await self._clients.hold(tx, scope, client_id)
            credit = await self._store.one(scope, client_id, credit_id, tx=tx)
            if credit is None:
                raise NotFound("Ce crédit n'existe pas.")
            await self._demand_open(tx, client_id, credit.week_key)
            await self._store.delete(tx, credit)
            await self._tell(tx, client, credit, "credit_deleted", by)

        await self._mongo.transaction(work)

    async def _demand_open(self, tx: Tx, client_id: str, week: str) -> None:
        if self._closed is not None and await self._closed(client_id, week, tx):
            raise Conflict(f"La {week_in_words(week)}, de ce client est close : ses crédits ne changent plus.")

    async def _tell(self, tx: Tx, client: Client, credit: Credit, action: str, by: str) -> None:
        told = ("order_id", "product_code", "week_key", "quantity_units_free", "reason", "note")
        event = Event(
            action=action,
            entity_type="client",
            entity_id=client.id,
            entity=client.entity,
            user=by,
            details={"client_name": client.name, **credit.model_dump(include=set(told))},
            related={"commande_id": credit.order_id},
        )
        await self._audit.record(tx, event)
