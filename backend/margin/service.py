"""Use cases of margins: a week, sources over a period, a provider; its purchase prices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.clients.service import ClientsService
from backend.commandes.models import PRODUITS
from backend.core.clock import Clock
from backend.core.mongo import Mongo, Tx
from backend.core.tenancy import Scope
from backend.core.weeks import paris_day, shift_week, week_bounds, week_of, week_of_day
from backend.margin import rules
from backend.margin.models import (
    Bought,
    ClientMargin,
    Cost,
    CostBody,
    ProduitMargin,
    ProviderBooks,
    ProviderMargin,
    ProviderWeek,
    Range,
    Sold,
    SourceMargin,
    SourceMargins,
    WeekMargin,
)
from backend.margin.store import MarginStore, Window
from backend.providers.models import Provider
from backend.providers.service import ProvidersService

SHOWN = 200
WEEKS = 8
"""How many weeks a provider's page looks back."""
_LENGTHS: Mapping[Range, timedelta] = {
    "24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30), "90d": timedelta(days=90),
}  # fmt: skip
_NO_PROVIDER = "Sans fournisseur"
_UNSOLD = "Non vendus"


class MarginService:
    """Owns `provider_costs`."""

    def __init__(
        self, mongo: Mongo, store: MarginStore, clock: Clock, audit: AuditService, clients: ClientsService,
        providers: ProvidersService,
    ) -> None:  # fmt: skip
        self._mongo = mongo
        self._store = store
        self._clock = clock
        self._audit = audit
        self._clients = clients
        self._providers = providers

    # -- a week ----------------------------------------------------------------------------------------------

    async def week(self, scope: Scope, key: str | None) -> WeekMargin:
        """What counts in the week of the ledger, less what the leads received that week cost."""
        week = key or week_of(self._clock.now())
        sold = await self._store.sold_in_week(scope, week)
        bought = await self._bought(scope, week_bounds(week), {})
        return WeekMargin(
            week_key=week,
            total=rules.margin(sold, bought),
            providers=await self._by_provider(sold, bought),
            produits=[
                ProduitMargin(produit=produit, **one.model_dump())
                for produit, one in sorted(rules.split(sold, bought, _produit, _produit).items())
            ],
            clients=await self._by_client(sold, bought),
        )

    async def _by_provider(self, sold: list[Sold], bought: rules.Priced) -> list[ProviderMargin]:
        found = rules.split(sold, bought, lambda one: one.provider_id, lambda one: one.provider_id)
        known = await self._providers.by_ids([one for one in found if one])
        rows = [
            ProviderMargin(provider_id=key, name=known[key].name if key in known else _NO_PROVIDER, **one.model_dump())
            for key, one in found.items()
        ]
        return sorted(rows, key=rules.weight)

    async def _by_client(self, sold: list[Sold], bought: rules.Priced) -> list[ClientMargin]:
        """Each lead bought is on the client that was sold it first, else among the unsold.

        A provider's lead is sold by its own company only: no client of the other one can be here.
        """
        known = await self._clients.by_ids([one.client_id for one, _ in bought if one.client_id])
        names = {one.client_id: one.client_name for one in sold} | {key: one.name for key, one in known.items()}
        found = rules.split(sold, bought, lambda one: one.client_id or None, lambda one: one.client_id)
        rows = [
            ClientMargin(client_id=key, name=names[key] if key else _UNSOLD, **one.model_dump())
            for key, one in found.items()
        ]
        return sorted(rows, key=lambda one: (one.client_id is None, rules.weight(one)))

    # -- sources ---------------------------------------------------------------------------------------------

    async def sources(self, scope: Scope, over: Range, produit: str | None) -> SourceMargins:
        """The leads received in the last hours or days: what they cost, and what they have brought so far."""
        until = self._clock.now()
        window = (until - _LENGTHS[over], until)
        wanted = {"produit": produit} if produit else {}
        sold = await self._store.brought(scope, window, wanted)
        bought = await self._bought(scope, window, wanted)
        names = {(one.provider_id, one.source_key): one.source for one in sold}
        providers = await self._providers.by_ids([one.provider_id for one, _ in bought])
        names |= {(key, ""): provider.slug for key, provider in providers.items()}
        found = rules.split(
            sold, bought, lambda one: (one.provider_id, one.source_key), lambda one: (one.provider_id, "")
        )
        rows = [
            SourceMargin(provider_id=key[0], source_key=key[1], source=names.get(key, ""), **one.model_dump())
            for key, one in found.items()
        ]
        return SourceMargins(
            range=over, product=produit or "ALL", since=window[0], until=until, total=rules.margin(sold, bought),
            sources=sorted(rows, key=rules.weight)[:SHOWN], sources_total=len(rows), shown_at_most=SHOWN,
        )  # fmt: skip

    # -- a provider ------------------------------------------------------------------------------------------

    async def of_provider(self, scope: Scope, provider_id: str) -> ProviderBooks:
        """Its purchase prices, and what the leads of its last weeks cost and have brought so far."""
        provider = await self._providers.get(scope, provider_id)
        costs = await self._store.costs([provider_id])
        today = paris_day(self._clock.now())
        weeks = [shift_week(week_of_day(today), -n) for n in range(WEEKS)]
        window = (week_bounds(weeks[-1])[0], week_bounds(weeks[0])[1])
        sold = await self._store.brought(scope, window, {"provider_id": provider_id})
        bought = await self._bought(scope, window, {"provider_id": provider_id})
        found = rules.split(sold, bought, lambda one: rules.week(one.day), lambda one: rules.week(one.day))
        empty = rules.margin([], [])
        return ProviderBooks(
            provider_id=provider.id,
            produits=list(PRODUITS),
            current=[rules.in_force(costs, provider_id, produit, today.isoformat()) for produit in PRODUITS],
            history=sorted(costs, key=lambda one: (one.valid_from, one.produit), reverse=True),
            weeks=[ProviderWeek(week_key=key, **found.get(key, empty).model_dump()) for key in weeks],
        )

    async def set_cost(self, scope: Scope, provider_id: str, body: CostBody, user: str) -> Cost:
        """What a lead of the provider costs from a day on; null when nobody knows any more."""
        day = body.valid_from or paris_day(self._clock.now()).isoformat()

        async def work(tx: Tx) -> Cost:
            provider = await self._providers.get(scope, provider_id, tx=tx)
            before = rules.in_force(await self._store.costs([provider_id], tx=tx), provider_id, body.produit, day)
            cost = Cost(
                provider_id=provider_id, entity=provider.entity, produit=body.produit, cost_ht=body.cost_ht,
                valid_from=day, by=user, at=self._clock.now(),
            )  # fmt: skip
            await self._store.put(tx, cost)
            await self._audit.record(tx, _event(provider, before, cost, user))
            return cost

        return await self._mongo.transaction(work, races=True)

    async def _bought(self, scope: Scope, window: Window, wanted: Mapping[str, str]) -> rules.Priced:
        rows = await self._store.bought(scope, window, rules.PAYABLE, wanted)
        return rules.priced(rows, await self._store.costs({one.provider_id for one in rows}))


def _produit(one: Sold | Bought) -> str:
    return one.produit


def _event(provider: Provider, before: Cost | None, cost: Cost, user: str) -> Event:
    told = {"produit": cost.produit, "valid_from": cost.valid_from}
    old = {"cost_ht": None if before is None or before.cost_ht is None else str(before.cost_ht)}
    new = {"cost_ht": None if cost.cost_ht is None else str(cost.cost_ht)}
    return Event(
        action="provider_cost_set", entity_type="provider", entity_id=provider.id, entity=provider.entity, user=user,
        details={"name": provider.name, **told, "old": old, "new": new},
    )  # fmt: skip
