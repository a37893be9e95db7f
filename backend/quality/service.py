"""The page « Qualité des sources » in one answer. Nothing here writes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Mapping
from datetime import timedelta
from typing import Any

from backend.accounts.caller import Caller
from backend.core import log, weeks
from backend.core.clock import Clock
from backend.core.kept import Once
from backend.core.mongo import Doc
from backend.core.tenancy import Scope
from backend.quality import history, rules
from backend.quality.models import Cohort, Intelligence, Origin, Overlap, Range, Ranking, Seen, SourceHistory
from backend.quality.store import QualityStore, Window

Cohorts = Once[list[Cohort]]
logger = log.get("rdz.quality")
SHOWN = 200
_LENGTHS: Mapping[Range, timedelta] = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
}
_BOTH = ("cannibalization", "overlap_stats")
"""What compares the two companies: for who looks at both."""
_GUARD = timedelta(days=30)


class QualityService:
    def __init__(self, store: QualityStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def intelligence(self, caller: Caller, scope: Scope, over: Range, produit: str | None) -> Intelligence:
        """Every section of the scope over the last hours or days. One that fails is null and named in `_errors`."""
        now = self._clock.now()
        window, before = (now - _LENGTHS[over], now), (now - 2 * _LENGTHS[over], now - _LENGTHS[over])
        cohorts = Once(lambda: self._store.cohorts(scope, window, produit))
        works: dict[str, Awaitable[Doc]] = {
            "sources": self._sources(scope, cohorts, before, produit),
            "copies": self._copies(scope, cohorts, window, produit),
            "conflicts": self._conflicts(scope, window, produit),
            "refusals": self._refusals(scope, window, produit),
        }
        compares = caller.super_admin and scope.both
        if compares:
            works["cannibalization"] = self._cannibalization(scope, window, produit)
            works["overlap_stats"] = self._overlap(scope)
        found = await asyncio.gather(*works.values(), return_exceptions=True)
        told: Doc = {}
        failed: list[str] = []
        for name, result in zip(works, found, strict=True):
            if isinstance(result, BaseException):
                logger.error("section_failed", section=name, cause=repr(result))
                failed += _SECTIONS[name]
            else:
                told |= result
        return Intelligence(
            range=over, scope=scope.name, product=produit or "ALL", since=window[0], until=window[1],
            shown_at_most=SHOWN, hidden=[] if compares else list(_BOTH), errors=failed, **told,
        )  # fmt: skip

    async def ranked(self, scope: Scope, window: Window, before: Window) -> Ranking:
        """The sources of a window, from the best and from the worst, with what they sent before."""
        now = rules.by_source(await self._store.cohorts(scope, window, None))
        last = rules.by_source(await self._store.cohorts(scope, before, None))
        return rules.ranking(rules.scores(now, last))

    async def source(self, scope: Scope, origin: Origin, over: Range, produit: str | None) -> SourceHistory:
        """One source by day or by week, each beside its like in the period before."""
        now = self._clock.now()
        spans = history.spans(weeks.paris_day(now), over)
        first, end = spans[0].before[0], spans[-1].end + timedelta(days=1)
        window = (weeks.at_paris(first), weeks.at_paris(end))
        name, days = await self._store.by_day(scope, origin, window, produit)
        so_far = await self._store.received(scope, origin, history.so_far(spans[-1], now), produit)
        return SourceHistory(
            **origin.model_dump(),
            source=name,
            range=over,
            product=produit or "ALL",
            unit=history.UNITS[over],
            points=history.points(spans, days, so_far),
        )

    async def _sources(self, scope: Scope, cohorts: Cohorts, before: Window, produit: str | None) -> Doc:
        now = await cohorts()
        last = await self._store.cohorts(scope, before, produit)
        sources, earlier = rules.by_source(now), rules.by_source(last)
        largest = dict(sorted(sources.items(), key=lambda one: -rules.count(one[1]))[:SHOWN])
        return {
            "kpis": rules.kpis(now, last),
            "phone_quality": rules.phone_quality(now, last),
            "duplicate_by_source": rules.duplicates(largest),
            "rejections_by_source": rules.unsold(largest),
            "source_scores": rules.scores(largest, earlier),
            "sources_total": len(sources),
            "lb_stats": rules.lb(now, await self._store.lb_stock(scope, produit)),
        }

    async def _copies(self, scope: Scope, cohorts: Cohorts, window: Window, produit: str | None) -> Doc:
        copies = [one async for one in self._store.copied(scope, window, produit)]
        return {
            "duplicate_offenders_by_entity": rules.offenders(await cohorts(), copies),
            "duplicate_time_buckets": rules.time_buckets(copies),
        }

    async def _conflicts(self, scope: Scope, window: Window, produit: str | None) -> Doc:
        counted: Counter[tuple[Seen, Seen]] = Counter()
        async for seen in self._store.repeated(scope, window, produit):
            counted.update(rules.pairs(seen))
        return {
            "duplicate_cross_matrix": rules.conflicts(counted)[:SHOWN],
            "duplicate_cross_total": len(counted),
        }

    async def _refusals(self, scope: Scope, window: Window, produit: str | None) -> Doc:
        rows = await self._store.refusals(scope, window, produit)
        rows.sort(key=lambda one: (-one.count, one.source, one.client_name or "", one.departement))
        return {"client_rejections": rows[:SHOWN], "client_rejections_total": len(rows)}

    async def _cannibalization(self, everyone: Scope, window: Window, produit: str | None) -> Doc:
        phones = await self._store.phones(everyone, window, produit)
        return {"cannibalization": rules.cannibalization(phones, everyone.entities)}

    async def _overlap(self, everyone: Scope) -> Doc:
        now = self._clock.now()
        shared, active = await self._store.shared_clients(everyone)
        to_shared, sent, unavoided = await self._store.sent(everyone, (now - _GUARD, now), shared)
        overlap = Overlap(
            shared_clients_count=len(shared),
            shared_clients_rate=rules.rate(len(shared), active),
            shared_client_deliveries_30d_count=to_shared,
            shared_client_deliveries_30d_rate=rules.rate(to_shared, sent),
            overlap_fallback_deliveries_30d_count=unavoided,
            overlap_fallback_deliveries_30d_rate=rules.rate(unavoided, to_shared),
        )
        return {"overlap_stats": overlap}


_SECTIONS: Mapping[str, Any] = {
    "sources": ("kpis", "phone_quality", "duplicate_by_source", "rejections_by_source", "source_scores", "lb_stats"),
    "copies": ("duplicate_offenders_by_entity", "duplicate_time_buckets"),
    "conflicts": ("duplicate_cross_matrix",),
    "refusals": ("client_rejections",),
    "cannibalization": ("cannibalization",),
    "overlap_stats": ("overlap_stats",),
}
