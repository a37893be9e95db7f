"""Bulk actions: the rows chosen in a list, each judged, then counted for a preview or given to a task."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any

from backend.accounts.caller import Caller
from backend.bulk import pasted, rules
from backend.bulk.models import BulkAnswer, Closed, Decided, PastedAnswer, PastedDelivery, PastedLine, Picked
from backend.clients.service import ClientsService
from backend.closing.service import Closing
from backend.commandes.service import CommandesService
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.errors import BadRequest, InvalidInput
from backend.core.tenancy import Scope
from backend.deliveries.due import last_return_day
from backend.deliveries.models import Delivery
from backend.deliveries.service import DeliveriesService
from backend.deliveries.states import REJECTION_REASONS, REMOVAL_REASONS
from backend.parametres.service import ParametresService
from backend.tasks.models import MOST_ROWS, NewRow, TaskShown
from backend.tasks.service import TasksService, too_many

Rows = AsyncIterator[NewRow]
_JUDGES: dict[str, rules.Judge] = {"send": rules.to_send, "copy": rules.to_copy, "remove": rules.to_remove}
_UNITS = {"send": rules.unit_to_send, "copy": rules.unit_to_copy}
_REASONS = {"reject": REJECTION_REASONS, "remove": REMOVAL_REASONS}


class BulkService:
    def __init__(
        self,
        clock: Clock,
        tasks: TasksService,
        parametres: ParametresService,
        clients: ClientsService,
        commandes: CommandesService,
        deliveries: DeliveriesService,
        closing: Closing,
    ) -> None:
        self._clock = clock
        self._tasks = tasks
        self._parametres = parametres
        self._clients = clients
        self._commandes = commandes
        self._deliveries = deliveries
        self._closing = closing

    # -- deliveries ------------------------------------------------------------------------------------------

    async def deliveries(
        self, caller: Caller, action: str, body: Picked, query: dict[str, Any], about: str = ""
    ) -> BulkAnswer:
        """`action`: send, copy, reject or remove. 422 on a reason that does not exist."""
        params = _why(action, body) if isinstance(body, Decided) else {}
        judge = await self._judge(action)
        found = self._found(caller.scope, body, query)
        unit = _UNITS.get(action, rules.own_unit)
        rows = _chosen(body, caller.scope, (await _row(one, judge, unit) async for one in found))
        return await self._answer(caller, f"deliveries.{action}", params, rows, body, about)

    async def _found(self, scope: Scope, body: Picked, query: dict[str, Any]) -> AsyncIterator[Delivery]:
        if body.all:
            async for one in self._deliveries.stream(scope, query):
                yield one
            return
        for one in await self._deliveries.picked(scope, body.ids):
            yield one

    async def _judge(self, action: str) -> Callable[[Delivery], Any]:
        """Asynchronous: the window of a rejection is its client's own, looked up once for each."""
        if action != "reject":
            judge = _JUDGES[action]

            async def judged(one: Delivery) -> str:
                return judge(one)

            return judged
        settings, known = await self._parametres.current(), dict[str, int]()
        today = weeks.paris_day(self._clock.now())

        async def in_window(one: Delivery) -> str:
            if one.client_id not in known:
                client = (await self._clients.by_ids([one.client_id])).get(one.client_id)
                own = client.return_window_days if client else None
                known[one.client_id] = own or settings.return_window_days(one.entity)
            sent = one.last_sent_at
            last: date | None = last_return_day(sent, known[one.client_id]) if sent else None
            return rules.to_reject(one, last, today)

        return in_window

    async def pasted(self, caller: Caller, client_id: str, text: str) -> PastedAnswer:
        """The deliveries of a client that the numbers of a text name; nothing is done to them."""
        client = await self._clients.get(caller.scope, client_id)
        days = client.return_window_days or (await self._parametres.current()).return_window_days(client.entity)
        today, read = weeks.paris_day(self._clock.now()), pasted.numbers(text)
        known = await self._deliveries.of_phones(caller.scope, client_id, [e164 for _, e164 in read if e164])

        def last_day(one: Delivery) -> date | None:
            return last_return_day(one.last_sent_at, days) if one.last_sent_at else None

        lines = []
        for raw, e164 in read:
            found = [one for one in known if one.contact.phone == e164]
            said, named = pasted.verdict(found, lambda one: rules.to_reject(one, last_day(one), today))
            shown = [_pasted(one, last_day(one)) for one in named]
            lines.append(PastedLine(raw=raw, phone=e164, verdict=said if e164 else "unreadable", deliveries=shown))
        about = {"client_id": client.id, "client_name": client.name, "entity": client.entity}
        return PastedAnswer(**about, window_days=days, lines=lines)

    # -- clients, commandes ----------------------------------------------------------------------------------

    async def clients(
        self, caller: Caller, active: bool, body: Picked, *, active_only: bool, search: str
    ) -> BulkAnswer:
        async def found() -> Rows:
            if body.all:
                async for one in self._clients.stream(caller.scope, active_only=active_only, search=search):
                    yield _switch(one.id, one.entity, one.name, one.active, active)
                return
            for one in (await self._clients.by_ids(body.ids)).values():
                if caller.scope.allows(one.entity) and not one.deleted:
                    yield _switch(one.id, one.entity, one.name, one.active, active)

        rows = _chosen(body, caller.scope, found())
        return await self._answer(caller, f"clients.{_verb(active)}", {"active": active}, rows, body)

    async def commandes(self, caller: Caller, active: bool, body: Picked, conditions: dict[str, Any]) -> BulkAnswer:
        """A pause tells how many reserved leads it releases."""

        async def found() -> Rows:
            if body.all:
                for seen in (await self._commandes.page(caller.scope, page=None, **conditions)).rows:
                    yield await self._commande(seen.id, seen.entity, seen.client_id, seen.produit, seen.active, active)
                return
            for one in (await self._commandes.by_ids(body.ids)).values():
                if caller.scope.allows(one.entity) and one.deleted_at is None:
                    yield await self._commande(one.id, one.entity, one.client_id, one.produit, one.active, active)

        rows = _chosen(body, caller.scope, found())
        return await self._answer(caller, f"commandes.{_verb(active)}", {"active": active}, rows, body)

    async def _commande(self, key: str, entity: str, client_id: str, produit: str, now: bool, wanted: bool) -> NewRow:
        client = (await self._clients.by_ids([client_id])).get(client_id)
        row = _switch(key, entity, f"{client.name if client else client_id}, {produit}", now, wanted)
        if wanted or row.code:
            return row
        return row.model_copy(update={"payload": {"reserved": await self._commandes.reserved(key)}})

    # -- weeks -----------------------------------------------------------------------------------------------

    async def weeks(self, caller: Caller, week: str, body: Closed) -> BulkAnswer:
        """Close the week of several clients; with `issue` those closed already have their drafts issued."""

        async def found() -> Rows:
            for entity, client_id, name, still_open in await self._closing.standing(caller.scope, week):
                if body.all or client_id in body.ids:
                    code = "" if still_open or body.issue else "already_closed"
                    yield _new(client_id, entity, name, code)

        params = {"week": week, "issue": body.issue}
        return await self._answer(caller, "billing.close", params, _chosen(body, caller.scope, found()), body, week)

    # -- answering -------------------------------------------------------------------------------------------

    async def _answer(
        self, caller: Caller, kind: str, params: dict[str, Any], rows: Rows, body: Picked, about: str = ""
    ) -> BulkAnswer:
        seen: list[tuple[str, str]] = []
        reserved = 0

        async def noted() -> Rows:
            nonlocal reserved
            async for row in rows:
                seen.append((row.entity, row.code))
                reserved += row.payload.get("reserved", 0)
                if len(seen) > MOST_ROWS:
                    raise too_many()
                yield row

        task = None
        if body.preview:
            async for _ in noted():
                pass
        else:
            made = await self._tasks.start(caller, kind, params, noted(), about)
            task = TaskShown(**made.model_dump(include=set(TaskShown.model_fields)))
        if not seen:
            raise BadRequest("Rien à faire : aucune ligne choisie.", code="nothing_to_do")
        entities = rules.counted(seen)
        doing = sum(one.doing for one in entities)
        return BulkAnswer(total=len(seen), doing=doing, entities=entities, reserved_leads=reserved, task=task)


def _verb(active: bool) -> str:
    return "activate" if active else "pause"


def _why(action: str, body: Decided) -> dict[str, Any]:
    """The reason, checked before anything is noted."""
    known = _REASONS[action]
    if body.reason and body.reason not in known:
        raise InvalidInput({"reason": f"Motif inconnu. Attendu : {', '.join(known)}."})
    return {"reason": body.reason, "reason_detail": body.reason_detail}


def _new(key: str, entity: str, label: str, code: str, unit: str = "") -> NewRow:
    detail = rules.SENTENCES[code] if code else ""
    return NewRow(key=key, entity=entity, label=label, code=code, detail=detail, unit=unit)


def _switch(key: str, entity: str, label: str, active: bool, wanted: bool) -> NewRow:
    return _new(key, entity, label, rules.to_switch(active, wanted))


async def _row(one: Delivery, judge: Callable[[Delivery], Any], unit: Callable[[Delivery], str]) -> NewRow:
    label = f"{one.contact.prenom} {one.contact.nom}".strip() + f", {one.client_name}"
    return _new(one.id, one.entity, label, await judge(one), unit(one))


def _pasted(one: Delivery, last_day: date | None) -> PastedDelivery:
    name = f"{one.contact.prenom} {one.contact.nom}".strip()
    return PastedDelivery(id=one.id, contact=name, produit=one.produit, departement=one.contact.departement,
                          sent_at=one.last_sent_at, last_day=last_day)  # fmt: skip


async def _chosen(body: Picked, scope: Scope, rows: Rows) -> Rows:
    """The rows but those set aside by hand; an id that is not in the scope is told as not found."""
    left = set() if body.all else set(body.ids)
    aside = set(body.except_ids)
    async for row in rows:
        left.discard(row.key)
        if row.key not in aside:
            yield row
    for key in sorted(left):
        yield _new(key, scope.entities[0], "–", "not_found")
