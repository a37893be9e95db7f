"""The first screens: reads across the folders, one answer each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from backend import __version__
from backend.accounts.caller import Caller
from backend.accounts.models import UserShort
from backend.clients.service import ClientsService
from backend.cockpit import rules
from backend.cockpit.bands import Bands
from backend.cockpit.books import Books
from backend.cockpit.claims import Claims
from backend.cockpit.models import (
    BlockName,
    Bootstrap,
    Cockpit,
    Counts,
    EntityShown,
    Orders,
    Revenue,
    Tile,
    Todo,
    TopClient,
    Waiting,
)
from backend.commandes.models import CommandeView
from backend.commandes.service import CommandesService
from backend.core import log, weeks
from backend.core.clock import Clock
from backend.core.kept import Once
from backend.core.paging import MAX_LIMIT, Page
from backend.core.tenancy import Scope
from backend.deliveries.service import DeliveriesService
from backend.leads.service import LeadsService
from backend.monitoring.models import DaySent
from backend.monitoring.periods import by_day, last_week_so_far
from backend.monitoring.service import MonitoringService
from backend.outbox.models import State
from backend.outbox.service import OutboxService
from backend.parametres.service import ParametresService
from backend.preferences.service import PreferencesService
from backend.providers.service import ProvidersService
from backend.quality.models import Ranking
from backend.quality.service import QualityService
from backend.settings import Settings
from backend.tasks.service import TasksService
from backend.tour.service import TourService

logger = log.get("rdz.cockpit")
SILENT_AFTER = timedelta(days=3)
_WAITING = ("no_open_orders", "hold_source", "hold_consent", "pending_config")
_STUCK = {"$in": ["failed", "uncertain"]}
_LOST: tuple[State, ...] = ("uncertain", "dead")
_OPENS: dict[BlockName, str] = {
    "bands": "deliveries.view",
    "todo": "dashboard.view",
    "orders": "commandes.view",
    "tiles": "leads.view",
    "revenue": "billing.view",
    "sent_by_day": "deliveries.view",
    "top_clients": "clients.view",
    "sources": "dashboard.view",
    "waiting": "leads.view",
}


class CockpitService:
    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        parametres: ParametresService,
        clients: ClientsService,
        commandes: CommandesService,
        deliveries: DeliveriesService,
        outbox: OutboxService,
        leads: LeadsService,
        monitoring: MonitoringService,
        preferences: PreferencesService,
        providers: ProvidersService,
        tour: TourService,
        tasks: TasksService,
        quality: QualityService,
        bands: Bands,
        books: Books,
        claims: Claims,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._parametres = parametres
        self._clients = clients
        self._commandes = commandes
        self._deliveries = deliveries
        self._outbox = outbox
        self._leads = leads
        self._monitoring = monitoring
        self._preferences = preferences
        self._providers = providers
        self._tour = tour
        self._tasks = tasks
        self._quality = quality
        self._bands = bands
        self._books = books
        self._claims = claims

    # -- the frame -------------------------------------------------------------------------------------------

    async def bootstrap(self, caller: Caller) -> Bootstrap:
        current = await self._parametres.current()
        mine = caller.entities if caller.super_admin else (caller.entity,)
        return Bootstrap(
            user=UserShort(
                id=caller.user_id,
                email=caller.email,
                nom=caller.nom,
                entity=caller.entity,
                role=caller.role,
                permissions=dict.fromkeys(sorted(caller.permissions), True),
            ),
            entities=[
                EntityShown(code=code, name=self._settings.entity[code].name, simulation=current.simulation(code))
                for code in mine
            ],
            scope=caller.scope.name,
            week=weeks.week_of(self._clock.now()),
            now=self._clock.now(),
            version=__version__,
            environment=self._settings.app_env,
            demo=await self._tour.planted(),
            counts=await self._counts(caller),
            preferences=await self._preferences.of(caller.user_id),
        )

    async def _counts(self, caller: Caller) -> Counts:
        deliveries = outbox = None
        if caller.can("deliveries.view"):
            deliveries = rules.total(await self._deliveries.count_unsent(caller.scope, None, (), status=_STUCK))
        if caller.can("outbox.view"):
            rows = await self._outbox.counts(caller.scope, _LOST)
            outbox = rows["uncertain"] + rows["dead"]
        return Counts(deliveries=deliveries, outbox=outbox, tasks=await self._tasks.under_way(caller.user_id))

    # -- the Cockpit -----------------------------------------------------------------------------------------

    async def cockpit(self, caller: Caller, scope: Scope, week: str | None) -> Cockpit:
        """Every block that the caller may read, for the week given or the current one."""
        now = self._clock.now()
        key = week or weeks.week_of(now)
        active = Once(lambda: self._active(scope, key))
        windows = Once(lambda: self._windows(key))
        waiting = Once(lambda: self._waiting(scope))
        made: dict[BlockName, Callable[[], Awaitable[Any]]] = {
            "bands": lambda: self._bands.read(scope),
            "todo": lambda: self._todo(caller, scope, active, waiting),
            "orders": lambda: self._orders(active),
            "tiles": lambda: self._tiles(scope, key, windows),
            "revenue": lambda: self._revenue(scope, windows),
            "sent_by_day": lambda: self._sent_by_day(scope, key),
            "top_clients": lambda: self._top_clients(scope, key),
            "sources": lambda: self._sources(scope, key),
            "waiting": waiting,
        }
        allowed = [name for name in made if caller.can(_OPENS[name])]
        found = await asyncio.gather(*(made[name]() for name in allowed), return_exceptions=True)
        blocks: dict[str, Any] = {}
        failed: list[BlockName] = []
        for name, result in zip(allowed, found, strict=True):
            if isinstance(result, BaseException):
                logger.error("block_failed", block=name, cause=repr(result))
                failed.append(name)
            else:
                blocks[name] = result
        hidden = [name for name in made if name not in allowed]
        return Cockpit(week=key, current_week=weeks.week_of(now), now=now, hidden=hidden, failed=failed, **blocks)

    async def _todo(
        self, caller: Caller, scope: Scope, active: Once[list[CommandeView]], waiting: Once[list[Waiting]]
    ) -> list[Todo]:
        lines: list[Todo] = []
        if caller.can("deliveries.view"):
            lines += await self._unsent(scope)
        if caller.can("outbox.view"):
            lines += [
                Todo(kind="dead", entity=code, count=dead)
                for code in scope.entities
                if (dead := (await self._outbox.counts(Scope((code,)), _LOST))["dead"])
            ]
            lines += [
                Todo(kind="channel_stopped", entity=one["entity"], count=one["pending"], names=[one["channel"]])
                for one in await self._outbox.channels(scope)
                if one["state"] != "active" and one["entity"]
            ]
        if caller.can("clients.view"):
            lines += [
                Todo(kind="client_undeliverable", entity=one["entity"], count=1, names=[one["name"]],
                     client_id=one["client_id"])
                for one in await self._monitoring.problem_clients(scope)
            ]  # fmt: skip
        if caller.can("leads.view"):
            lines += rules.leads_waiting(await waiting())
        if caller.can("commandes.view"):
            lines += rules.low_quota(await active())
        if caller.can("billing.view"):
            lines += await self._books.todo(scope)
        if caller.can("providers.access"):
            lines += await self._silent(scope)
        return rules.claimed(rules.ordered(lines), await self._claims.all(scope))

    async def _silent(self, scope: Scope) -> list[Todo]:
        """Active providers who sent leads before, and none for three days."""
        since = self._clock.now() - SILENT_AFTER
        rows = (await self._providers.page(scope, Page(MAX_LIMIT, 0), active=True)).rows
        last = await self._leads.last_received(scope, [one.id for one in rows if not one.test_mode])
        return [
            Todo(kind="provider_silent", entity=one.entity, count=1, names=[one.name], target=one.id)
            for one in rows
            if one.id in last and last[one.id] < since
        ]

    async def _windows(self, week: str) -> tuple[rules.Window, ...]:
        """What tiles are counted over: last week whole is told until this week's first delivery has ended."""
        seen = rules.windows(week, self._clock.now())
        early = week == weeks.week_of(self._clock.now()) and not await self._bands.ran_since(seen.week[0])
        return (seen.week, seen.before, seen.whole) if early else (seen.week, seen.before)

    async def _revenue(self, scope: Scope, windows: Once[tuple[rules.Window, ...]]) -> Revenue:
        now, before, *whole = [await self._books.revenue(scope, one) for one in await windows()]
        return Revenue(now=now, before=before, before_whole=whole[0] if whole else None)

    async def _unsent(self, scope: Scope) -> list[Todo]:
        """What failed or is uncertain, by entity; and what is ready for clients who are sent to by hand."""
        by = ("entity", "client_id")
        counted = await self._deliveries.count_unsent(
            scope, None, by, status={"$in": ["failed", "uncertain", "ready_to_send"]}
        )  # fmt: skip
        clients = await self._clients.by_ids({one.client_id for one in counted})
        lines: dict[tuple[str, str], Todo] = {}
        for one in counted:
            client = clients.get(one.client_id)
            if one.status == "ready_to_send" and (client is None or client.auto_send_enabled):
                continue
            kind: Any = "ready_by_hand" if one.status == "ready_to_send" else one.status
            line = lines.setdefault((kind, one.entity), Todo(kind=kind, entity=one.entity, count=0))
            line.count += one.n
            if client is not None and len(line.names) < rules.NAMES:
                line.names.append(client.name)
        return list(lines.values())

    async def _orders(self, active: Once[list[CommandeView]]) -> list[Orders]:
        return rules.orders(await active())

    async def _active(self, scope: Scope, week: str) -> list[CommandeView]:
        return (await self._commandes.page(scope, {"active": True}, None, week)).rows

    async def _tiles(self, scope: Scope, week: str, windows: Once[tuple[rules.Window, ...]]) -> list[Tile]:
        seen, counted = rules.windows(week, self._clock.now()), await windows()
        received = [await self._leads.count_received(scope, one) for one in counted]
        assigned = [rules.total(await self._deliveries.count_reserved(scope, one, ())) for one in counted]
        sent = [rules.total(await self._deliveries.count_sent(scope, one, ())) for one in counted]
        refused = [await self._rejected(scope, one) for one in rules.last_days(seen, self._clock.now())]
        return [
            rules.tile("leads_received", received),
            rules.tile("leads_assigned", assigned),
            rules.tile("sent", sent),
            Tile(name="rejected", now=refused[0], before=refused[1]),
            Tile(name="lb_stock", now=await self._leads.count(scope, "lb")),
        ]

    async def _rejected(self, scope: Scope, window: rules.Window) -> int:
        """What clients refused in the window, whenever it was sent."""
        when = {"$gte": window[0], "$lt": window[1]}
        return rules.total(await self._deliveries.count_sent(scope, None, (), outcome="rejected", rejected_at=when))

    async def _sources(self, scope: Scope, week: str) -> Ranking:
        seen = rules.windows(week, self._clock.now())
        return await self._quality.ranked(scope, seen.week, seen.before)

    async def _sent_by_day(self, scope: Scope, week: str) -> list[DaySent]:
        now, by = self._clock.now(), ("day", "produit")
        windows = (weeks.week_bounds(week), weeks.week_bounds(weeks.shift_week(week, -1)), last_week_so_far(now))
        three = [await self._deliveries.count_sent(scope, one, by) for one in windows]
        return by_day(week, weeks.paris_day(now), *three)

    async def _top_clients(self, scope: Scope, week: str) -> list[TopClient]:
        by = ("client_id", "entity", "outcome")
        counted = await self._deliveries.count_sent(scope, weeks.week_bounds(week), by)
        clients = await self._clients.by_ids({one.client_id for one in counted})
        names: Mapping[str, str] = {key: one.name for key, one in clients.items()}
        return rules.top_clients(counted, names)

    async def _waiting(self, scope: Scope) -> list[Waiting]:
        rows = [Waiting(**one) for one in await self._leads.blocked(scope, _WAITING)]
        return sorted(rows, key=lambda one: (-one.count, one.entity or "", one.status, one.produit or ""))
