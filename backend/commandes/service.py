"""Use cases of commandes: what people change, and the places that routing takes and gives back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, TypeVar

from pymongo.errors import DuplicateKeyError

from backend.audit.service import AuditService
from backend.clients.pause import paused
from backend.clients.service import ClientsService
from backend.commandes import quota, rules, views
from backend.commandes.models import Commande, CommandeChange, CommandeStats, CommandeView, Counter, LbLine, NewCommande
from backend.commandes.store import CommandeStore
from backend.commandes.told import difference, event, told
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.errors import Conflict, NotFound
from backend.core.ids import new_id
from backend.core.mongo import Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.outbox.service import OutboxService

T = TypeVar("T")
CountReserved = Callable[[str], Awaitable[int]]
DueWeek = Callable[[str, bool], Awaitable[str]]
_SYSTEM = "system:commandes"


class CommandesService:
    def __init__(
        self,
        mongo: Mongo,
        store: CommandeStore,
        clock: Clock,
        audit: AuditService,
        clients: ClientsService,
        outbox: OutboxService,
        everyone: Scope,
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._clock = clock
        self._audit = audit
        self._clients = clients
        self._outbox = outbox
        self._everyone = everyone
        self._count_reserved: CountReserved | None = None
        self._due_week: DueWeek | None = None

    def register(self, *, count_reserved: CountReserved | None = None, due_week: DueWeek | None = None) -> None:
        """Given by `bootstrap`: leads a commande holds unsent; the week that new leads of an entity take from."""
        self._count_reserved = count_reserved or self._count_reserved
        self._due_week = due_week or self._due_week

    # What people do

    async def page(
        self, scope: Scope, filters: Mapping[str, Any], page: Page | None, week: str | None, search: str = "",
        left: int | None = None, sort: str = "priorite",
    ) -> Paged[CommandeView]:  # fmt: skip
        """By priority (all without `page`), with the counter of `week` or of new leads; `left` places at most."""
        if search:
            filters = {**filters, "$and": [{"client_id": {"$in": await self._clients.found(scope, search)}}]}
        if page is None or left is not None:
            few = views.with_few_left(await self.shown(await self._store.every(scope, filters, sort), week), left)
            return Paged(few[page.skip : page.skip + page.limit] if page else few, len(few), False)
        found = await self._store.page(scope, filters, page, sort)
        return Paged(await self.shown(found.rows, week), found.total, found.capped)

    async def shown(self, commandes: Sequence[Commande], week: str | None = None) -> list[CommandeView]:
        clients = await self._clients.by_ids({commande.client_id for commande in commandes})
        instant = {client.id for client in clients.values() if client.instant}
        kinds = {(c.entity, c.client_id in instant) for c in commandes}
        due = {kind: week or await self.due_week(*kind) for kind in kinds}
        weeks_by_id = {c.id: due[c.entity, c.client_id in instant] for c in commandes}
        counters = await self.shown_counters(commandes, weeks_by_id)
        return [views.view(c, counters[c.id], clients.get(c.client_id)) for c in commandes]

    async def stats(self, scope: Scope, commande_id: str) -> CommandeStats:
        """What left for it: this week, the ones before, ever. From the counters."""
        commande = await self.get(scope, commande_id)
        past = [weeks.shift_week(self.current_week(), -back) for back in range(views.WEEKS)]
        found = await self._store.counters([quota.counter_id(commande_id, week) for week in past])
        counters = [found.get(quota.counter_id(commande_id, w)) or rules.new_counter(commande, w) for w in past]
        return views.stats(commande, counters, await self._store.total_sent(commande), await self.reserved(commande_id))

    async def lb_monitor(self, scope: Scope, page: Page, week: str) -> Paged[LbLine]:
        """How each active commande that wants LB follows its target in `week`."""
        found = await self._store.page(scope, {"active": True, "lb_target_pct": {"$gt": 0}}, page, "priorite")
        counters = await self.shown_counters(found.rows, {c.id: week for c in found.rows})
        clients = await self._clients.by_ids({c.client_id for c in found.rows})
        lines = [views.lb_line(c, counters[c.id], clients.get(c.client_id)) for c in found.rows]
        return Paged(lines, found.total, found.capped)

    async def get(self, scope: Scope, commande_id: str, *, tx: Tx | None = None) -> Commande:
        commande = await self._store.one(scope, commande_id, tx=tx)
        if commande is None:
            raise NotFound("Commande introuvable.")
        return commande

    async def create(self, entity: str, body: NewCommande, user: str) -> Commande:
        """Open a commande. 404 when the client isn't one of `entity`; 409 when it has an active one for the produit."""
        now = self._clock.now()
        fields = body.model_dump(exclude={"entity", "prix_lead", "lb_percent_max", "remise_percent"})
        opened = {"active": True, "opened_week": await self._opening_week(entity, body.client_id)}
        dates = {"created_at": now, "updated_at": now}
        commande = Commande(id=new_id(), entity=entity, **fields, **opened, **dates)

        async def work(tx: Tx) -> None:
            await self._clients.hold(tx, Scope((entity,)), body.client_id)
            await self._store.insert(tx, commande)
            await self._tell(tx, None, commande, user, "commande_created", {"new": told(fields)})

        await self._write(work)
        return commande

    async def change(self, scope: Scope, commande_id: str, body: CommandeChange, user: str) -> Commande:
        """Write the fields given, and the caps of this week's counters and later ones, together."""

        async def work(tx: Tx) -> Commande:
            given = paused(body.given(), weeks.paris_day(self._clock.now()))
            return await self._apply(tx, await self.get(scope, commande_id, tx=tx), given, user)

        return await self._write(work, commande_id)

    async def toggle(self, scope: Scope, commande_id: str, user: str) -> Commande:
        """Pause an active commande, open a paused one."""

        async def work(tx: Tx) -> Commande:
            before = await self.get(scope, commande_id, tx=tx)
            return await self._apply(tx, before, {"active": not before.active, "paused_until": None}, user)

        return await self._write(work, commande_id)

    async def delete(self, scope: Scope, commande_id: str, user: str) -> None:
        """Hide it for good; the leads it holds unsent are released by the next daily run."""

        async def work(tx: Tx) -> None:
            before = await self.get(scope, commande_id, tx=tx)
            after = await self._apply(tx, before, {"active": False}, user)
            await self._store.update(tx, after, {"deleted_at": self._clock.now()})
            await self._audit.record(tx, event("commande_deleted", after, user, {}))

        await self._write(work, commande_id)

    async def pause_expired(self, now: datetime) -> int:
        """Pause the commandes that don't renew and whose week is over (Paris); answers how many."""
        week, done = weeks.week_of(now), 0
        for entity in self._everyone.entities:
            for one in await self._store.ended(entity, week):
                done += await self._switch(one.id, {"active": False}, "auto_renew", rules.over(week))
        return done

    async def resume_due(self) -> int:
        """Open again those whose pause is over; answers how many. One replaced meanwhile stays, and the log says so."""
        due = await self._store.pause_over(self._everyone, weeks.paris_day(self._clock.now()).isoformat())
        return sum([await self._resume(one) for one in due])

    async def _resume(self, one: Commande) -> int:
        async def stays(tx: Tx) -> None:
            await self._store.update(tx, one, {"paused_until": None})
            await self._audit.record(tx, event("order_resume_refused", one, _SYSTEM, {"reason": "duplicate"}))

        given = {"active": True, "paused_until": None}
        try:
            return await self._switch(one.id, given, "pause_over", rules.paused_as(one))
        except Conflict:
            await self._write(stays)
            return 0

    async def _switch(
        self, commande_id: str, given: Mapping[str, Any], reason: str, still: Callable[[Commande], bool]
    ) -> int:
        """Write `given` for the system on a commande that is `still` so; 1 when it was."""

        async def work(tx: Tx) -> int:
            before = await self.get(self._everyone, commande_id, tx=tx)
            if not still(before):
                return 0
            await self._apply(tx, before, given, _SYSTEM, reason=reason)
            return 1

        return await self._write(work, commande_id)

    async def _apply(
        self, tx: Tx, before: Commande, given: Mapping[str, Any], user: str, *, reason: str = ""
    ) -> Commande:
        """Write what changes, its caps, its events and the task that looks again at waiting leads."""
        changed = rules.changes(before, given)
        if not changed:
            return before
        if changed.get("active") or (before.active and changed.get("auto_renew") is False):
            changed["opened_week"] = await self._opening_week(before.entity, before.client_id)
        changed["updated_at"] = self._clock.now()
        after = before.model_copy(update=changed)
        await self._store.update(tx, after, changed)
        await self._recap(tx, before, after)
        await self._tell(tx, before, after, user, "commande_updated", difference(before, changed, reason))
        return after

    async def _recap(self, tx: Tx, before: Commande, after: Commande) -> None:
        shown = rules.new_counter(after, "")
        caps = {"cap": shown.cap, "fresh_cap": shown.fresh_cap}
        if caps != rules.new_counter(before, "").model_dump(include={"cap", "fresh_cap"}):
            await self._store.recap(tx, after, self.current_week(), caps)

    async def _tell(
        self, tx: Tx, before: Commande | None, after: Commande, user: str, action: str, details: dict[str, Any]
    ) -> None:
        if before is None or before.active != after.active:
            switched = "order_activate" if after.active else "order_deactivate"
            await self._audit.record(tx, event(switched, after, user, details))
        if not set(details.get("new", {})) <= {"active", "paused_until"}:
            await self._audit.record(tx, event(action, after, user, details))
        unblocked = rules.unblocks(before, after)
        if unblocked:
            await self._ask_routing(tx, after, unblocked)

    async def _ask_routing(self, tx: Tx, commande: Commande, reason: str) -> None:
        payload = {"entity": commande.entity, "produit": commande.produit, "reason": reason}
        await self._outbox.put_task(tx, "route_waiting", payload, entity=commande.entity)

    async def _write(self, work: Callable[[Tx], Awaitable[T]], *commande_ids: str) -> T:
        try:
            async with self.line(commande_ids):
                done = await self._mongo.transaction(work)
        except DuplicateKeyError:
            raise Conflict("Ce client a déjà une commande active pour ce produit.", code="duplicate") from None
        self._outbox.poke()
        return done

    # What routing and the daily run do

    def line(self, commande_ids: Iterable[str]) -> AbstractAsyncContextManager[None]:
        """This process's queue on the counters of these commandes: spares conflicts, guarantees nothing."""
        return self._mongo.queue(f"commande:{commande_id}" for commande_id in commande_ids)

    async def due_week(self, entity: str, at_once: bool) -> str:
        """The week a new lead takes its place from (`at_once`: instant client); the current one until routing says."""
        if self._due_week is None:
            return self.current_week()
        return await self._due_week(entity, at_once)

    async def _opening_week(self, entity: str, client_id: str) -> str:
        client = (await self._clients.by_ids([client_id])).get(client_id)
        return await self.due_week(entity, client is not None and client.instant)

    def current_week(self) -> str:
        return weeks.week_of(self._clock.now())

    async def reserved(self, commande_id: str) -> int:
        """Leads reserved for the commande and not sent yet: what a pause releases."""
        return await self._count_reserved(commande_id) if self._count_reserved else 0

    async def candidates(self, entities: Sequence[str], produit: str, departements: Sequence[str]) -> list[Commande]:
        """Commandes listing any of these codes (see `departements.matching`), paused ones included."""
        return await self._store.candidates(entities, produit, departements)

    async def alive(self, entities: Sequence[str]) -> list[Commande]:
        return await self._store.alive(entities)

    async def by_ids(self, ids: Iterable[str], *, tx: Tx | None = None) -> dict[str, Commande]:
        """For the system: of every entity, deleted ones included."""
        return {commande.id: commande for commande in await self._store.by_ids(ids, tx=tx)}

    def open(self, entity: str, *, tx: Tx | None = None) -> AsyncIterator[Commande]:
        """Every active commande of the entity, by priority."""
        return self._store.open(entity, tx=tx)

    async def open_orders_of(self, client_id: str, tx: Tx | None = None) -> int:
        """Active commandes of a client, which keep it from being deleted."""
        return await self._store.open_of_client(client_id, tx=tx)

    async def counters(self, pairs: Sequence[tuple[Commande, str]], *, tx: Tx | None = None) -> dict[str, Counter]:
        """Counters by `quota.counter_id`. Call it once outside a transaction first: that makes the missing ones."""
        keys = {quota.counter_id(commande.id, week): (commande.id, week) for commande, week in pairs}
        found = await self._store.counters(list(keys), tx=tx)
        missing = [key for key in keys if key not in found]
        if tx is not None or not missing:
            return found
        for key in missing:
            await self._make_counter(*keys[key])
        return await self._store.counters(list(keys))

    async def known_counters(self, ids: Sequence[str]) -> dict[str, Counter]:
        return await self._store.counters(ids) if ids else {}

    async def every_counter(self) -> AsyncIterator[Counter]:
        async for counter in self._store.every_counter():
            yield counter

    async def shown_counters(self, commandes: Sequence[Commande], week: Mapping[str, str]) -> dict[str, Counter]:
        """Counters by commande id, for reading: a missing one is shown empty and stays missing. `week` by id too."""
        keys = {commande.id: quota.counter_id(commande.id, week[commande.id]) for commande in commandes}
        found = await self._store.counters(list(keys.values()))
        return {one.id: found.get(keys[one.id]) or rules.new_counter(one, week[one.id]) for one in commandes}

    async def take_place(
        self, tx: Tx, commande_id: str, week: str, *, lb: bool, over_share: bool = False
    ) -> Counter | None:
        """Hold one place of the week, in the caller's transaction; None when the quota, or the fresh share, refuses.

        `over_share` lets a fresh lead take a place kept for LB (the daily run, when the stock has none). The counter
        must exist (`counters`). The answer is the counter after, whose `taken` is the rank.
        """
        key = quota.counter_id(commande_id, week)
        return await self._store.take(tx, key, lb=lb, within_share=not lb and not over_share)

    async def give_back(self, tx: Tx, commande_id: str, week: str, *, lb: bool) -> None:
        """Return a place to its week. When that opens a week that isn't over, waiting leads are looked at again."""
        before = await self._store.give_back(tx, quota.counter_id(commande_id, week), lb=lb)
        over = week < self.current_week()
        if before is None or over or not quota.unblocked_by_return(before, lb=lb):
            return
        for commande in await self._store.by_ids([commande_id], tx=tx):
            if commande.active:
                await self._ask_routing(tx, commande, "place_returned")

    async def note_sent(self, tx: Tx, commande_id: str, week_sent: str, *, units: int, lb_units: int) -> None:
        """Count what the server accepted, in the week it did: not always the week the place was held in."""
        key = quota.counter_id(commande_id, week_sent)
        if not await self._store.add_sent(tx, key, units=units, lb_units=lb_units):
            await self._insert_counter(tx, commande_id, week_sent)
            await self._store.add_sent(tx, key, units=units, lb_units=lb_units)

    async def note_unsent(self, tx: Tx, commande_id: str, week_sent: str, *, units: int, lb_units: int) -> None:
        """Uncount what was rejected or removed afterwards."""
        key = quota.counter_id(commande_id, week_sent)
        await self._store.remove_sent(tx, key, units=units, lb_units=lb_units)

    async def _make_counter(self, commande_id: str, week: str) -> None:
        async def work(tx: Tx) -> None:
            if not await self._store.counters([key], tx=tx):
                await self._insert_counter(tx, commande_id, week)

        key = quota.counter_id(commande_id, week)
        async with self._mongo.queue([f"counter:{key}"]):
            if not await self._store.counters([key]):
                await self._mongo.transaction(work)

    async def _insert_counter(self, tx: Tx, commande_id: str, week: str) -> None:
        commande = await self._store.touch(tx, commande_id)
        if commande is None:
            raise NotFound("Commande introuvable.")
        await self._store.insert_counter(tx, rules.new_counter(commande, week))
