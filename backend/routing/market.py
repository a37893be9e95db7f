"""What routing reads of the trade: commandes, buyers, prepaid units, counters. Kept in memory for a second.

Order is a preference and may be a second old (rule 9); a place, a claim or a unit is only ever had from the base. What
this process changes is seen at once; what the table refuses is asked again of the base before anybody is told.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from backend.clients.models import Client
from backend.clients.service import ClientsService
from backend.commandes import quota
from backend.commandes.models import Commande, Counter
from backend.commandes.service import CommandesService
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.kept import Kept
from backend.core.mongo import Mongo, Tx
from backend.prepaid.service import PrepaidService
from backend.pricing.service import PricingService

OVERLAP_WITHIN = timedelta(days=30)
_READ = ("commandes", "clients", "client_product_pricing", "prepayment_balances", "quota_counters")


@dataclass(frozen=True, slots=True)
class View:
    """The trade as it was read. `units`: prepaid units left, of those who pay (client, produit) in advance.

    `served`: e-mail keys of an entity's clients whom the other entity served lately. `counters` by id, as they are met.
    """

    asked: float
    commandes: Mapping[tuple[str, str], Sequence[Commande]]
    clients: Mapping[str, Client]
    units: Mapping[tuple[str, str], int]
    served: Mapping[str, frozenset[str]]
    counters: dict[str, Counter] = field(default_factory=dict)

    def covering(self, produit: str, codes: Iterable[str]) -> list[Commande]:
        """Commandes listing any of these codes, paused ones included, each once."""
        found = {one.id: one for code in codes for one in self.commandes.get((produit, code), ())}
        return list(found.values())


class Market:
    """Reads the trade, whole or a part of it."""

    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        clients: ClientsService,
        commandes: CommandesService,
        pricing: PricingService,
        prepaid: PrepaidService,
        entities: Sequence[str],
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._clients = clients
        self._commandes = commandes
        self._pricing = pricing
        self._prepaid = prepaid
        self._entities = tuple(entities)
        self._areas: dict[str, View] = {}
        self._table = Kept(self._whole, self._state)

    async def current(self) -> View:
        """All of the trade, about a second old at most."""
        return await self._table.current()

    async def stop(self) -> None:
        await self._table.stop()

    async def covering(self, produit: str, codes: Sequence[str]) -> View:
        """What could have a lead of this produit and area, as the base has it now: one reading for all who wait."""
        key, asked = f"market:{produit}:{','.join(codes)}", time.monotonic()
        async with self._mongo.queue([key]):
            known = self._areas.get(key)
            if known is None or known.asked < asked:
                began = time.monotonic()
                found = await self._commandes.candidates(self._entities, produit, codes)
                known = self._areas[key] = await self.around(found, began)
        return known

    async def around(self, found: Sequence[Commande], asked: float | None = None) -> View:
        """All that decides about these commandes, as the base has it now; `asked`: when they were."""
        by_area = defaultdict[tuple[str, str], list[Commande]](list)
        for one in found:
            for code in one.departements:
                by_area[one.produit, code].append(one)
        clients, units = await asyncio.gather(self._buyers(found), self.units(found))
        served = await self._served(clients.values())
        return View(time.monotonic() if asked is None else asked, by_area, clients, units, served)

    async def counters(self, view: View, pairs: Sequence[tuple[Commande, str]]) -> Mapping[str, Counter]:
        """The counter of each (commande, week), by id; made when it is missing."""
        missing = [(one, week) for one, week in pairs if quota.counter_id(one.id, week) not in view.counters]
        if missing:
            view.counters.update(await self._commandes.counters(missing))
        return view.counters

    def seen(self, counter: Counter, tx: Tx | None = None) -> None:
        """A counter as it is now, or will be when `tx` commits."""
        if tx is not None:
            self._mongo.after_commit(tx, partial(self.seen, counter))
        elif (view := self._table.last) is not None:
            view.counters[quota.counter_id(counter.commande_id, counter.week)] = counter

    def _state(self) -> tuple[int, timedelta]:
        """Another one: this process changed the trade, or somebody moved the clock."""
        return self._mongo.revision(_READ), self._clock.offset

    async def _whole(self) -> View:
        last, asked, week = self._table.last, time.monotonic(), weeks.week_of(self._clock.now())
        used = [key for key, one in last.counters.items() if one.week >= week] if last else []
        found, counters = await asyncio.gather(
            self._commandes.alive(self._entities), self._commandes.known_counters(used)
        )
        view = await self.around(found, asked)
        view.counters.update(counters)
        return view

    async def _buyers(self, found: Iterable[Commande]) -> dict[str, Client]:
        return await self._clients.by_ids({one.client_id for one in found})

    async def units(self, found: Iterable[Commande]) -> dict[tuple[str, str], int]:
        """Prepaid units left, of the buyers who pay the produit of these commandes in advance today."""
        buyers, day = defaultdict[str, set[str]](set), weeks.paris_day(self._clock.now())
        for one in found:
            buyers[one.produit].add(one.client_id)
        modes = await asyncio.gather(*(self._pricing.modes(ids, produit, day) for produit, ids in buyers.items()))
        ahead = [(client, produit) for produit, told in zip(buyers, modes, strict=True)
                 for client, mode in told.items() if mode == "PREPAID"]  # fmt: skip
        return await self._prepaid.remaining(ahead)

    async def _served(self, clients: Iterable[Client]) -> dict[str, frozenset[str]]:
        emails = defaultdict[str, set[str]](set)
        for one in clients:
            emails[one.entity].update(one.email_keys)
        since = self._clock.now() - OVERLAP_WITHIN
        found = await asyncio.gather(*(self._clients.sharing(code, keys, since) for code, keys in emails.items()))
        return {code: frozenset(keys) for code, keys in zip(emails, found, strict=True)}
