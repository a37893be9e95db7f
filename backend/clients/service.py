"""Use cases of the clients: who buys, whether they can be reached, what was done for them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from pymongo.errors import DuplicateKeyError

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.clients import rules
from backend.clients.deliverability import SENTENCES, Reach, reach
from backend.clients.models import (
    Activity,
    Client,
    ClientAnswer,
    ClientCreate,
    ClientDetail,
    ClientUpdate,
    CrmBody,
    Note,
    OpenOrders,
)  # fmt: skip
from backend.clients.pause import paused
from backend.clients.push import Push
from backend.clients.store import ClientsStore
from backend.core import finding
from backend.core.clock import Clock
from backend.core.errors import BadRequest, Conflict, InvalidInput, NotFound
from backend.core.ids import new_id
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.sealing import Unreadable
from backend.core.tenancy import Scope
from backend.core.weeks import paris_day, week_of
from backend.outbox.service import OutboxService
from backend.parametres.models import Parametres
from backend.parametres.service import ParametresService

T = TypeVar("T")
_IGNORED = {"default_prix_lead", "remise_percent"}


class ClientsService:
    def __init__(
        self,
        mongo: Mongo,
        store: ClientsStore,
        audit: AuditService,
        outbox: OutboxService,
        parametres: ParametresService,
        clock: Clock,
        everyone: Scope,
        *,
        production: bool,
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._audit = audit
        self._outbox = outbox
        self._parametres = parametres
        self._clock = clock
        self._everyone = everyone
        self._production = production
        self._open_orders: list[OpenOrders] = []

    # Wiring

    def count_orders_with(self, open_orders: OpenOrders) -> None:
        """A client is not deleted while `open_orders` counts any."""
        self._open_orders.append(open_orders)

    # What the rest of the house asks

    async def get(self, scope: Scope, client_id: str, *, tx: Tx | None = None) -> Client:
        """One client, deactivated or not. 404 when deleted or outside the scope."""
        client = await self._store.one(scope, client_id, tx=tx)
        if client is None:
            raise _unknown()
        return client

    async def by_ids(self, ids: Iterable[str], *, tx: Tx | None = None) -> dict[str, Client]:
        """Of every entity, deactivated and deleted ones too."""
        return {client.id: client for client in await self._store.by_ids(self._everyone, ids, tx=tx)}

    async def hold(self, tx: Tx, scope: Scope, client_id: str) -> Client:
        """The client, kept from being deleted by another transaction until this one ends. 404 when not there."""
        if not await self._store.touch(tx, scope, client_id):
            raise _unknown()
        return await self.get(scope, client_id, tx=tx)

    async def sharing(self, entity: str, emails: Iterable[str], since: datetime) -> set[str]:
        """Those of `emails` that a client of another entity than `entity`, served since then, has too."""
        wanted = sorted({one.strip().lower() for one in emails})
        others = tuple(code for code in self._everyone.entities if code != entity)
        if not wanted or not others:
            return set()
        return await self._store.emails_served(Scope(others, both=True), wanted, since)

    async def note_sent(self, tx: Tx, client_id: str, at: datetime, units: int = 1) -> None:
        """Count `units` leads that left for the client at `at`."""
        await self._store.note_sent(tx, self._everyone, client_id, at, week_of(at), units)

    async def reach(self, client: Client) -> Reach:
        """Whether something can leave for the client now, and to whom."""
        current = await self._parametres.current()
        return reach(client, current.denylist(client.entity), current.suppressed(client.entity))

    async def demand_own_address(self, tx: Tx, client_id: str, address: str) -> None:
        """Raise unless `address` is one of the client's: what is sent elsewhere would be given to a stranger."""
        client = (await self.by_ids([client_id], tx=tx)).get(client_id)
        if client is None or address.lower() not in {*client.email_keys, client.billing_email.lower()}:
            raise InvalidInput({"to": "Cette adresse n'est pas sur la fiche du client : ajoutez-la d'abord."})
        if address.casefold() in (await self._parametres.current()).suppressed(client.entity):
            raise InvalidInput({"to": "Cette adresse est écartée : son serveur dit qu'elle n'existe pas."})

    # Reading

    async def page(self, scope: Scope, page: Page, *, active_only: bool, search: str,
                   sort: str = "name") -> Paged[ClientAnswer]:  # fmt: skip
        rows = await self._store.page(scope, page, active_only=active_only, prefix=finding.beginning(search), sort=sort)
        current = await self._parametres.current()
        return Paged([self._shown(client, current) for client in rows.rows], rows.total, rows.capped)

    async def found(self, scope: Scope, search: str) -> list[str]:
        return await self._store.found(scope, finding.beginning(search))

    def stream(self, scope: Scope, *, active_only: bool, search: str, sort: str = "name") -> AsyncIterator[Client]:
        return self._store.stream(scope, active_only=active_only, prefix=finding.beginning(search), sort=sort)

    async def detail(self, scope: Scope, client_id: str) -> ClientDetail:
        shown = await self.shown(await self.get(scope, client_id))
        return ClientDetail(**shown.model_dump(), internal_notes=await self._store.notes(scope, client_id))

    async def shown(self, client: Client) -> ClientAnswer:
        return self._shown(client, await self._parametres.current())

    async def activity(self, scope: Scope, client_id: str, page: Page) -> Paged[Activity]:
        """What people did on the client, newest first. 404 when it is not there."""
        await self.get(scope, client_id)
        return await self._store.activity(scope, client_id, page)

    # Writing

    async def create(self, entity: str, body: ClientCreate, by: str) -> Client:
        """409 when a client of the entity that is not deleted has the address."""
        self._check_addresses(body.email, body.delivery_emails, body.billing_email)
        now = self._clock.now()
        given = body.model_dump(exclude={"entity", "api_key", *_IGNORED})
        given["return_window_days"] = body.return_window_days or None
        client = Client(
            id=new_id(), entity=entity, has_api_key=bool(body.api_key), created_at=now, updated_at=now, **given
        )
        client.email_keys = rules.email_keys(client.email, client.delivery_emails)
        _check_identity(client)

        async def work(tx: Tx) -> None:
            hidden = {"api_key": body.api_key, **rules.derived(client)}
            await self._store.insert(tx, Scope((entity,)), client, hidden)
            await self._tell(tx, client, "client_created", {"name": client.name, "email": client.email}, by)

        await self._committed(work)
        return client

    async def update(self, scope: Scope, client_id: str, body: ClientUpdate, by: str) -> Client:
        """Change the fields given; null leaves a field as it is."""
        given = paused(body.model_dump(exclude_none=True, exclude=_IGNORED), paris_day(self._clock.now()))
        self._check_addresses(body.email or "", body.delivery_emails or [], body.billing_email or "")
        if "return_window_days" in given:
            given["return_window_days"] = given["return_window_days"] or None
        return await self._change(scope, client_id, given, "client_updated", by)

    async def resume_due(self) -> int:
        """Open again the clients whose pause ends today or ended; answers how many."""
        due = await self._store.pause_over(self._everyone, paris_day(self._clock.now()).isoformat())
        for client in due:
            given = {"active": True, "paused_until": None}
            await self._change(Scope((client.entity,)), client.id, given, "client_pause_over", "system:pauses")
        return len(due)

    async def update_crm(self, scope: Scope, client_id: str, body: CrmBody, by: str) -> Client:
        """Change what the sales team notes; 400 when nothing is given."""
        given = body.model_dump(exclude_none=True)
        if not given:
            raise BadRequest("Aucun champ à modifier.")
        return await self._change(scope, client_id, given, rules.CRM_EVENT, by)

    async def delete(self, scope: Scope, client_id: str, by: str) -> None:
        """Hide the client for good. 409 while it has active commandes."""

        async def work(tx: Tx) -> None:
            client = await self.get(scope, client_id, tx=tx)
            orders = sum([await count(client_id, tx=tx) for count in self._open_orders])
            if orders:
                raise Conflict(
                    f"Ce client a {orders} commande(s) active(s) : mettez-les en pause d'abord.", code="has_dependents"
                )
            await self._store.delete(tx, scope, client_id, self._clock.now())
            await self._tell(tx, client, "client_deleted", {"name": client.name, "email": client.email}, by)

        await self._mongo.transaction(work)

    async def set_push(self, scope: Scope, client_id: str, given: Doc, by: str) -> Client:
        """Write how the client's own HTTP interface is called: `push`, `api_endpoint` and maybe `api_key`."""
        return await self._change(scope, client_id, given, "client_push_changed", by)

    async def suspend(self, scope: Scope, client_id: str, given: Doc | None, by: str) -> Client:
        """Keep its batches from leaving (`given`: a `Suspension`), or let them leave again."""
        action = "client_suspended" if given else "client_resumed"
        return await self._change(scope, client_id, {"suspended": given}, action, by)

    async def note_push(self, tx: Tx, client: Client, push: Push, action: str = "", details: Doc | None = None) -> None:
        """Write what calls say of the client's interface; with an `action`, tell it."""
        await self._store.change(tx, Scope((client.entity,)), client.id, {"push": push.model_dump()})
        if action:
            await self._tell(tx, client, action, details or {}, "system:pushes")

    async def push_works(self, tx: Tx, client_id: str) -> None:
        """A call passed: earlier failures are forgotten. Writes only when there were some."""
        await self._store.mend_push(tx, self._everyone, client_id)

    async def ailing_pushes(self, scope: Scope) -> list[Client]:
        """The clients whose interface fails, or stopped being called, the oldest first."""
        return await self._store.ailing_pushes(scope)

    async def note_push_test(self, client: Client, details: Doc, by: str) -> None:
        await self._mongo.transaction(lambda tx: self._tell(tx, client, "client_push_tested", details, by))

    async def secret(self, client_id: str) -> str:
        """The client's API key, for a call to it and nothing else."""
        return await self._store.secret(self._everyone, client_id)

    async def sealed_otherwise(self) -> list[str]:
        """Ids of the clients, of every entity, whose API key is not sealed with the current key."""
        return await self._store.sealed_otherwise(self._everyone)

    async def reseal(self) -> tuple[int, list[str]]:
        """Seal every API key with the current key. How many were, and the ids of those that no key here opens."""
        done, unreadable = 0, []
        for client_id in await self.sealed_otherwise():
            try:
                done += await self._store.reseal(self._everyone, client_id)
            except Unreadable:
                unreadable.append(client_id)
        return done, unreadable

    async def add_note(self, scope: Scope, client_id: str, text: str, by: str) -> Note:
        note = Note(id=new_id(), text=text, author=by, created_at=self._clock.now())

        async def work(tx: Tx) -> None:
            client = await self.get(scope, client_id, tx=tx)
            if not await self._store.add_note(tx, scope, client_id, note):
                raise Conflict("Ce client a déjà 500 notes internes, le maximum.")
            await self._tell(tx, client, "note_added", {"text": text[:100]}, by)

        await self._mongo.transaction(work)
        return note

    async def _change(self, scope: Scope, client_id: str, given: Doc, action: str, by: str) -> Client:
        async def work(tx: Tx) -> Client:
            old = await self.get(scope, client_id, tx=tx)
            values = {**given, "updated_at": self._clock.now()}
            if "api_key" in given:
                values["has_api_key"] = bool(given["api_key"])
            meant = old.model_copy(update=values)
            _check_identity(meant)
            values |= rules.derived(meant)
            new = await self._store.change(tx, scope, client_id, values)
            if new is None:
                raise _unknown()
            await self._tell_change(tx, old, new, given, action, by)
            await self._unblock(tx, old, new)
            return new

        return await self._committed(work)

    async def _tell_change(
        self, tx: Tx, old: Client, new: Client, given: Mapping[str, Any], action: str, by: str
    ) -> None:
        moved = rules.changes(old, given)
        if "api_key" in given:
            moved["new"]["api_key"] = "(modifiée)" if given["api_key"] else "(effacée)"
        if moved["new"]:
            await self._tell(tx, new, action, moved, by)
        if old.auto_send_enabled != new.auto_send_enabled:
            details = {"old_value": old.auto_send_enabled, "new_value": new.auto_send_enabled, "client_name": new.name}
            await self._tell(tx, new, "client_auto_send_change", details, by)

    async def _unblock(self, tx: Tx, before: Client, client: Client) -> None:
        """Have the waiting leads routed when the client has just become one that can receive them."""
        current = await self._parametres.current()
        refused = current.denylist(client.entity), current.suppressed(client.entity)
        if rules.routable(client, *refused) and not rules.routable(before, *refused):
            payload = {"entity": client.entity, "produit": None, "reason": "client"}
            await self._outbox.put_task(tx, "route_waiting", payload, entity=client.entity)

    async def tell_delivery(
        self, tx: Tx, entity: str, client_id: str, action: str, details: Doc, by: str = "system"
    ) -> None:
        """A line of the client's activity about what was delivered to it; the event is the teller's own."""
        line = Activity(
            id=new_id(), client_id=client_id, action=action, details=details, user=by, created_at=self._clock.now()
        )
        await self._store.tell(tx, entity, line)

    async def _tell(self, tx: Tx, client: Client, action: str, details: Doc, by: str) -> None:
        event = Event(
            action=action, entity_type="client", entity_id=client.id, entity=client.entity, user=by, details=details
        )
        await self._audit.record(tx, event)
        await self.tell_delivery(tx, client.entity, client.id, action, details, by)

    async def _committed(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        try:
            return await self._mongo.transaction(work)
        except DuplicateKeyError as exc:
            raise Conflict("Un client de cette entité a déjà cette adresse e-mail.", code="duplicate") from exc

    def _check_addresses(self, email: str, delivery_emails: Iterable[str], billing_email: str) -> None:
        """In production, refuse the domains where nobody can receive."""
        if self._production and (told := rules.unreachable(email, delivery_emails, billing_email)):
            raise InvalidInput(told)

    def _shown(self, client: Client, current: Parametres) -> ClientAnswer:
        found = reach(client, current.denylist(client.entity), current.suppressed(client.entity))
        return ClientAnswer(
            **client.model_dump(include=set(ClientAnswer.model_fields)),
            push_enabled=client.push.enabled,
            missing_to_invoice=rules.missing_to_invoice(client),
            push_state=client.push.condition,
            push_reason=client.push.last_failure,
            has_valid_channel=found.ok,
            deliverable_reason=SENTENCES[found.reason] if found.reason else None,
            deliverable_code=found.reason,
            total_leads_received=client.delivered_total,
            total_leads_this_week=client.delivered_weeks.get(week_of(self._clock.now()), 0),
            suspension=client.suspension_on(paris_day(self._clock.now())),
        )


def _check_identity(client: Client) -> None:
    refused = rules.identity_refused(client)
    if refused:
        raise InvalidInput(refused)


def _unknown() -> NotFound:
    return NotFound("Ce client n'existe pas.")
