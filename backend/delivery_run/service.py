"""Use cases of the delivery to come: tell it, keep a client out of it, let the client back in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from backend.accounts.caller import Caller
from backend.batches.departure import way
from backend.clients.models import Suspension
from backend.clients.service import ClientsService
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.errors import Conflict
from backend.core.tenancy import Scope
from backend.deliveries.due import due_day
from backend.deliveries.models import Counted
from backend.deliveries.service import DeliveriesService
from backend.delivery_run import rules
from backend.delivery_run.models import ClientPlanned, EntityPlanned, LotPlanned, RunPreview
from backend.gate.rules import consent_missing
from backend.gate.service import GateService, Target
from backend.jobs.service import JobsService
from backend.leads.service import LeadsService
from backend.parametres.overview import EntitySettings
from backend.parametres.service import ParametresService

_WAITS = ["pending_csv", "ready_to_send", "failed"]
_UNSOLD = ("new", "no_open_orders", "duplicate", "hold_source", "hold_consent", "pending_config")


class DeliveryRunService:
    def __init__(
        self,
        clock: Clock,
        parametres: ParametresService,
        clients: ClientsService,
        gate: GateService,
        deliveries: DeliveriesService,
        leads: LeadsService,
        jobs: JobsService,
        entities: tuple[str, ...],
    ) -> None:
        self._clock = clock
        self._parametres = parametres
        self._clients = clients
        self._gate = gate
        self._deliveries = deliveries
        self._leads = leads
        self._jobs = jobs
        self._entities = entities

    # -- read ------------------------------------------------------------------------------------------------

    async def preview(self, scope: Scope) -> RunPreview:
        """What the gate would say of each lot on the day of the next delivery. Changes nothing.

        The run also routes what waits and completes with LB: those leads are counted (`waiting`), not given to anyone.
        """
        settings = {one.entity: one for one in (await self._parametres.overview(scope)).entities}
        clients = {code: await self._clients_of(code) for code in settings}
        unsold = await self._leads.blocked(scope, _UNSOLD)
        entities = [
            await self._entity(one, clients[code], sum(row["count"] for row in unsold if row["entity"] == code))
            for code, one in settings.items()
        ]
        now = [one for one in entities if one.open_today]
        return RunPreview(
            now=self._clock.now(),
            next_run_at=self._jobs.next_times()["daily_delivery"],
            leads_now=sum(one.leads for one in now),
            clients_now=sum(one.clients for one in now),
            entities=entities,
            clients=rules.ordered(one for each in clients.values() for one in each),
        )

    async def _entity(self, one: EntitySettings, clients: list[ClientPlanned], waiting: int) -> EntityPlanned:
        code = one.entity
        current = await self._parametres.current()
        closed = current.calendar(code).closed_reason(weeks.paris_day(self._clock.now()))
        leads, reached, held = rules.summed(clients)
        return EntityPlanned(
            entity=code,
            day=await self._day(code),
            open_today=closed is None,
            closed_reason=closed,
            simulation=current.simulation(code),
            leads=leads,
            clients=reached,
            held=held,
            waiting=waiting,
            calendar=one.delivery_calendar,
        )

    async def _day(self, entity: str) -> date | None:
        """The Paris day of the next delivery: today before the hour on an open day, else the next open one."""
        return due_day(self._clock.now(), (await self._parametres.current()).calendar(entity))

    async def _clients_of(self, entity: str) -> list[ClientPlanned]:
        by = ("client_id", "commande_id", "produit")
        counted = await self._deliveries.count_unsent(Scope((entity,)), None, by, status={"$in": _WAITS})
        unproved = await self._unproved(entity)
        day = await self._day(entity)
        pairs = {(one.client_id, one.commande_id): one.produit for one in counted}
        targets = await self._gate.targets(entity, pairs, day or weeks.paris_day(self._clock.now()))
        told: dict[str, ClientPlanned] = {}
        for pair, produit in sorted(pairs.items()):
            line = told.setdefault(pair[0], _client(entity, pair[0], targets[pair], day))
            rows = [one for one in counted if (one.client_id, one.commande_id) == pair]
            line.lots.append(_lot(pair[1], produit, rows, unproved.get(pair, 0), targets[pair]))
        for line in told.values():
            line.leads = sum(rules.size(lot) for lot in line.lots)
            line.leaving = rules.leaving(line.lots)
        return list(told.values())

    async def _unproved(self, entity: str) -> dict[tuple[str, str], int]:
        """(client, commande) -> how many of its leads lack the proof of consent that an entity concerned requires."""
        current = await self._parametres.current()
        strict = [code for code in self._entities if consent_missing((current.consent_mode(code),), False)]
        if not strict:
            return {}
        of = {} if entity in strict else {"lead_entity": {"$in": strict}}
        by = ("client_id", "commande_id")
        status = {"$in": ["pending_csv", "ready_to_send"]}
        found: dict[tuple[str, str], int] = {}
        for one in await self._deliveries.count_unsent(Scope((entity,)), None, by, status=status, proof=False, **of):
            key = (one.client_id, one.commande_id)
            found[key] = found.get(key, 0) + one.n
        return found

    # -- keep out, let in ------------------------------------------------------------------------------------

    async def suspend(self, caller: Caller, client_id: str, reason: str) -> Suspension:
        """Nothing leaves for the client until midnight Paris of its next delivery day. 409 when nothing opens."""
        client = await self._clients.get(caller.scope, client_id)
        day = await self._day(client.entity)
        if day is None:
            raise Conflict("Aucun jour de livraison n'est ouvert : il n'y a pas d'envoi à suspendre.")
        given = Suspension(through=day.isoformat(), reason=reason, at=self._clock.now(), by=caller.email)
        await self._clients.suspend(caller.scope, client_id, given.model_dump(), caller.email)
        return given

    async def resume(self, caller: Caller, client_id: str) -> None:
        """What is ready leaves at the next run, or by hand. Nothing to do when nothing is suspended."""
        await self._clients.suspend(caller.scope, client_id, None, caller.email)


def _client(entity: str, client_id: str, target: Target, day: date | None) -> ClientPlanned:
    simulation = target.settings.simulation(entity)
    to = way(target.client, target.reach)
    return ClientPlanned(
        entity=entity,
        client_id=client_id,
        client_name=target.client.name if target.client else "",
        leads=0,
        leaving=0,
        recipients=[simulation] if simulation else to.shown,
        by_email=bool(simulation or to.recipients),
        by_api=bool(to.interface) and not simulation,
        lots=[],
        suspension=target.client.suspension_on(day) if target.client and day else None,
    )


def _lot(commande_id: str, produit: str, rows: Iterable[Counted], without_proof: int, target: Target) -> LotPlanned:
    counted = dict.fromkeys(_WAITS, 0)
    for one in rows:
        counted[one.status] += one.n
    automatic = target.client is None or target.client.auto_send_enabled
    said, reason = rules.answer(target.verdict, automatic=automatic)
    return LotPlanned(
        commande_id=commande_id,
        produit=produit,
        planned=counted["pending_csv"],
        ready=counted["ready_to_send"],
        failed=counted["failed"],
        without_proof=without_proof,
        answer=said,
        reason=reason,
    )
