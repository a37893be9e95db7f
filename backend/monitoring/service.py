"""Reads across the folders: one client, the dashboard, the invariants. Nothing here writes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Mapping
from datetime import date, timedelta
from typing import Any

from backend.batches.service import BatchesService
from backend.clients.deliverability import SENTENCES
from backend.clients.models import Client
from backend.clients.service import ClientsService
from backend.commandes.departements import NAMES
from backend.commandes.models import CommandeView, Produit
from backend.commandes.service import CommandesService
from backend.core import log, weeks
from backend.core import phone as phones
from backend.core.clock import Clock
from backend.core.errors import InvalidInput, NotFound
from backend.core.mongo import Doc
from backend.core.paging import MAX_LIMIT, Page, Paged
from backend.core.tenancy import Scope
from backend.deliveries.due import due_day
from backend.deliveries.models import shown
from backend.deliveries.service import DeliveriesService
from backend.leads.service import LeadsService
from backend.monitoring import areas, coverage, dashboard, invariants, periods
from backend.monitoring.bookkeeping import Bookkeeping
from backend.monitoring.models import (
    AreaDetail,
    AreaOverview,
    Check,
    ClientCoverage,
    ClientStats,
    ClientSummary,
    DaySent,
    Delivered,
    LastDelivery,
    Totals,
    WeekOutcomes,
)
from backend.parametres.calendar import WEEKDAYS
from backend.parametres.service import ParametresService
from backend.prepaid.service import PrepaidService
from backend.pricing.service import PricingService

logger = log.get("rdz.monitoring")
_WITH_DELIVERY = {"routed": "on its way", "livre": "sent"}
_BLOCKED = ("no_open_orders", "hold_source", "hold_consent", "pending_config")
_SUMMARY_DAYS = 30
_TREND_WEEKS = 12
_LONGEST = timedelta(days=1100)
_HANDED = ("lead_id", "lead_entity", "commande_id", "produit", "status", "outcome", "billable", "is_lb", "week",
           "sent_week", "due_day", "created_at", "last_sent_at", "rejection_reason", "removal_reason")  # fmt: skip


class MonitoringService:
    def __init__(
        self,
        clock: Clock,
        parametres: ParametresService,
        clients: ClientsService,
        commandes: CommandesService,
        deliveries: DeliveriesService,
        batches: BatchesService,
        leads: LeadsService,
        pricing: PricingService,
        prepaid: PrepaidService,
        books: Bookkeeping,
    ) -> None:
        self._clock = clock
        self._parametres = parametres
        self._clients = clients
        self._commandes = commandes
        self._deliveries = deliveries
        self._batches = batches
        self._leads = leads
        self._pricing = pricing
        self._prepaid = prepaid
        self._books = books

    # -- one client ------------------------------------------------------------------------------------------

    async def client_leads(self, scope: Scope, client_id: str, status: str | None, page: Page) -> Paged[Doc]:
        """What was handed to a client, newest first, with the contact as it was copied then."""
        await self._clients.get(scope, client_id)
        query = {"client_id": client_id} | ({"status": status} if status else {})
        found = await self._deliveries.page(scope, query, page)
        return Paged([_handed(doc) for doc in found.rows], found.total, found.capped)

    async def client_stats(self, scope: Scope, client_id: str) -> ClientStats:
        client = await self._clients.get(scope, client_id)
        own, by = Scope((client.entity,)), ("produit", "outcome")
        ever = await self._deliveries.count_sent(own, None, by, client_id=client_id)
        window = weeks.week_bounds(self._commandes.current_week())
        week = await self._deliveries.count_sent(own, window, by, client_id=client_id)
        told = periods.outcomes(ever)
        stats = Delivered(
            total_delivered=told.sent,
            this_week=periods.outcomes(week).sent,
            by_product=periods.by_produit(ever),
            rejected=told.rejected,
            removed=told.removed,
            rejection_rate=told.reject_rate,
        )
        held = await self._deliveries.reserved_for(own, client_id)
        return ClientStats(client_id=client_id, client_name=client.name, reserved_leads=held, stats=stats)

    async def client_summary(
        self, scope: Scope, client_id: str, group_by: periods.GroupBy, first: date | None, last: date | None
    ) -> ClientSummary:
        """What left for a client between two Paris days, both included; the last 30 days when not said."""
        client = await self._clients.get(scope, client_id)
        last = last or weeks.paris_day(self._clock.now())
        first = first or last - timedelta(days=_SUMMARY_DAYS)
        if not first <= last <= first + _LONGEST:
            raise InvalidInput({"from": f"De « from » à « to » : dans l'ordre, et {_LONGEST.days} jours au plus."})
        own, window = Scope((client.entity,)), (weeks.at_paris(first), weeks.at_paris(last + timedelta(days=1)))
        by = ("day", "produit", "outcome")
        counted = await self._deliveries.count_sent(own, window, by, client_id=client_id)
        counted += await self._deliveries.count_unsent(own, window, by, client_id=client_id)
        failed = sum(one.n for one in counted if one.status == "failed")
        latest = await self._deliveries.last_sent(own, client_id)
        trend, days = await self._trend(own, client)
        return ClientSummary(
            client_id=client_id,
            client_name=client.name,
            entity=client.entity,
            group_by=group_by,
            from_=first.isoformat(),
            to=last.isoformat(),
            periods=periods.folded(counted, group_by),
            totals=Totals(failed=failed, **periods.outcomes(counted).model_dump()),
            weeks=trend,
            days=days,
            last_delivery=LastDelivery(sent_at=latest["last_sent_at"], sent_to=latest["sent_to"]) if latest else None,
            next_delivery_day=await self._next_day(client),
            auto_send_enabled=client.auto_send_enabled,
        )

    async def _trend(self, own: Scope, client: Client) -> tuple[list[WeekOutcomes], list[DaySent]]:
        """The last weeks of a client, and this week against the one before, from one count."""
        now, by = self._clock.now(), ("day", "produit", "outcome")
        current = weeks.week_of(now)
        keys = [weeks.shift_week(current, -back) for back in reversed(range(_TREND_WEEKS))]
        window = (weeks.week_bounds(keys[0])[0], weeks.week_bounds(current)[1])
        counted = await self._deliveries.count_sent(own, window, by, client_id=client.id)
        hour = await self._deliveries.count_sent(own, periods.last_week_so_far(now), by, client_id=client.id)
        trend = periods.weekly(counted, keys, weeks.week_of(client.created_at))
        return trend, periods.by_day(current, weeks.paris_day(now), counted, counted, hour)

    async def _next_day(self, client: Client) -> str | None:
        calendar = (await self._parametres.current()).calendar(client.entity)
        day = due_day(self._clock.now(), calendar, leaving=client.instant)
        return f"{WEEKDAYS[day.weekday()]} {day:%d/%m}" if day else None

    async def client_coverage(self, scope: Scope, client_id: str, produit: str, week: str | None) -> ClientCoverage:
        """The client's active commandes against what was received and billed in a week; `produit` may be `ALL`."""
        client = await self._clients.get(scope, client_id)
        own, key = Scope((client.entity,)), week or self._commandes.current_week()
        wanted: Doc = {"client_id": client_id, "active": True} | ({} if produit == "ALL" else {"produit": produit})
        commandes = (await self._commandes.page(own, wanted, Page(MAX_LIMIT, 0), key)).rows
        by = ("commande_id", "departement", "produit", "outcome")
        sent = await self._deliveries.count_sent(own, weeks.week_bounds(key), by, client_id=client_id)
        sent = [one for one in sent if produit in {"ALL", one.produit}]
        rows = coverage.lines(commandes, sent)
        return ClientCoverage(
            client_id=client_id,
            client_name=client.name,
            week=key,
            product=produit,
            aggregates=coverage.totals(commandes, sent, await self._leads.received(own, key)),
            departements=rows,
            count=len(rows),
        )

    # -- the départements -------------------------------------------------------------------------------------

    async def areas(self, scope: Scope, produit: Produit, week: str | None) -> AreaOverview:
        """Where a lead of the produit finds a buyer in a week, and what came from there."""
        key = week or self._commandes.current_week()
        window, by = weeks.week_bounds(key), ("departement", "produit", "outcome")
        sent = await self._deliveries.count_sent(scope, window, by, produit=produit)
        now, before = [
            {area: n for (area, wanted), n in (await self._leads.received(scope, one)).items() if wanted == produit}
            for one in (key, weeks.shift_week(key, -1))
        ]
        rows = areas.lines(await self._commandes_of(scope, produit, key), sent, now, before)
        counts = Counter(one.status for one in rows)
        return AreaOverview(week=key, produit=produit, entity=scope.name, departements=rows, counts=dict(counts))

    async def area(self, scope: Scope, departement: str, produit: Produit, week: str | None) -> AreaDetail:
        """Who takes the leads of one département. 404 for what is not one."""
        code = departement.upper()
        if code not in NAMES:
            raise NotFound("Ce département n'existe pas.")
        key = week or self._commandes.current_week()
        found = areas.orders(await self._commandes_of(scope, produit, key), code)
        return AreaDetail(departement=code, name=NAMES[code], week=key, produit=produit, orders=found)

    async def _commandes_of(self, scope: Scope, produit: Produit, week: str) -> list[CommandeView]:
        return (await self._commandes.page(scope, {"produit": produit}, None, week)).rows

    # -- the dashboard ---------------------------------------------------------------------------------------

    async def dashboard(self, scope: Scope, week: str | None) -> Doc:
        """Every widget of the scope. One that fails is empty and named in `_errors`; the others are there."""
        key = week or self._commandes.current_week()
        widgets: dict[str, tuple[Awaitable[Any], Any]] = {
            "lead_stats": (self._leads.stats(scope, key), {}),
            "delivery_stats": (self._delivery_stats(scope, key), {}),
            "calendar": (self._calendar(scope), {}),
            "top_clients_7d": (self._top_clients(scope), []),
            "problem_clients": (self.problem_clients(scope), []),
            "low_quota_commandes": (self._low_quota(scope, key), []),
            "missing_prices": (self._pricing.missing(scope), []),
            "low_prepaid": (self._prepaid.low(scope), []),
            "blocked_stock": (self._leads.blocked(scope, _BLOCKED), []),
        }
        found = await asyncio.gather(*(work for work, _ in widgets.values()), return_exceptions=True)
        told: Doc = {"week": key}
        failed = []
        for (name, (_, empty)), result in zip(widgets.items(), found, strict=True):
            if isinstance(result, BaseException):
                logger.error("widget_failed", widget=name, cause=repr(result))
                failed.append(name)
            told[name] = empty if isinstance(result, BaseException) else result
        return told | ({"_errors": failed} if failed else {})

    async def _delivery_stats(self, scope: Scope, week: str) -> dict[str, int]:
        window = weeks.week_bounds(week)
        sent = await self._deliveries.count_sent(scope, window, ("outcome",))
        return dashboard.delivery_stats([*sent, *await self._deliveries.count_unsent(scope, window, ())])

    async def _calendar(self, scope: Scope) -> Mapping[str, Doc]:
        told = {entity: await self._parametres.delivery_day(entity) for entity in scope.entities}
        return {entity: {name: day[name] for name in ("is_delivery_day", "reason")} for entity, day in told.items()}

    async def _top_clients(self, scope: Scope) -> list[Doc]:
        now = self._clock.now()
        window, by = (now - timedelta(days=7), now + timedelta(seconds=1)), ("client_id", "entity", "outcome")
        counted = await self._deliveries.count_sent(scope, window, by)
        counted += await self._deliveries.count_unsent(
            scope, window, by, status={"$in": ["failed", "ready_to_send"]}
        )  # fmt: skip
        top = dashboard.top_clients(counted)
        names = await self._clients.by_ids([line["client_id"] for line in top])
        return [{**line, "client_name": names[line["client_id"]].name if line["client_id"] in names else ""}
                for line in top]  # fmt: skip

    async def problem_clients(self, scope: Scope) -> list[Doc]:
        """Active clients to whom nothing can leave."""
        told: list[Doc] = []
        async for one in self._clients.stream(scope, active_only=True, search=""):
            found = await self._clients.reach(one)
            if not found.ok:
                reason = SENTENCES[found.reason] if found.reason else None
                told.append({"client_id": one.id, "name": one.name, "entity": one.entity, "reason": reason})
        return told

    async def _low_quota(self, scope: Scope, week: str) -> list[Doc]:
        """Active commandes with a quota and few places left."""
        return dashboard.low_quota((await self._commandes.page(scope, {"active": True}, None, week)).rows)

    # -- the invariants --------------------------------------------------------------------------------------

    async def invariants(self) -> list[Check]:
        """Every promise checked on the whole base, streamed; all counts must be zero. Meant for a quiet base:
        what moves while it reads may show."""
        trade = invariants.Trade()
        async for delivery in self._deliveries.every():
            trade.see(delivery)
        counters = [one async for one in self._commandes.every_counter()]
        above, drift = invariants.quota(counters, trade.places)
        leads = [one async for one in self._leads.standing()]
        kept = [one async for one in self._deliveries.every_claim()]
        balances = [one async for one in self._prepaid.every()]
        journal = [one async for one in self._prepaid.journal_sums()]
        unsent = Check(name="unsent", meaning="lot remis à l'envoi sans ligne dans la file")
        async for batch_id in self._batches.without_rows():
            unsent.add(batch_id)
        return [
            trade.sold_twice_check(),
            above,
            invariants.lost(_WITH_DELIVERY, trade.current, leads),
            drift,
            invariants.claims(trade.open_claims, kept),
            invariants.prepaid(balances, journal, trade.reserved, trade.spent),
            *await self._books.checks(),
            unsent,
        ]


def _handed(doc: Doc) -> Doc:
    """A delivery as a line of the client's leads."""
    seen, contact = shown(doc), doc["contact"]
    told = {name: seen.get(name) for name in _HANDED}
    return {**contact, "phone_display": phones.display(contact["phone"]), "delivery_id": doc["id"], **told}
