"""Use cases of prepaid balances, inside the transactions of those who move units."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.clients.service import ClientsService
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.ids import new_id
from backend.core.mongo import Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.outbox.service import OutboxService
from backend.prepaid import rules
from backend.prepaid.models import Balance, BalanceView, Kind, Move
from backend.prepaid.store import PrepaidStore
from backend.pricing.service import PricingService

Pair = tuple[str, str]
"""(client id, produit)"""


class PrepaidService:
    def __init__(
        self,
        store: PrepaidStore,
        audit: AuditService,
        outbox: OutboxService,
        clients: ClientsService,
        pricing: PricingService,
        clock: Clock,
        everyone: Scope,
    ) -> None:
        self._store = store
        self._audit = audit
        self._outbox = outbox
        self._clients = clients
        self._pricing = pricing
        self._clock = clock
        self._everyone = everyone

    # -- the life of a unit: reserved, then consumed or given back, then maybe returned ----------------------

    async def take(self, tx: Tx, client_id: str, produit: str, delivery_id: str) -> bool:
        """Reserve one unit for a delivery; False, and nothing written, when none is left."""
        return await self._move(tx, "reservation", client_id, produit, [delivery_id]) is not None

    async def give_back(self, tx: Tx, client_id: str, produit: str, delivery_id: str) -> None:
        """The delivery never left: its unit is free again. The cancellation has the waiting leads routed."""
        given = await self._move(tx, "release", client_id, produit, [delivery_id])
        assert given is not None, "a unit that was taken has its balance"

    async def consume(self, tx: Tx, client_id: str, produit: str, delivery_ids: Sequence[str]) -> None:
        """The deliveries were sent: their reserved units are spent."""
        if delivery_ids:
            spent = await self._move(tx, "consumption", client_id, produit, delivery_ids)
            assert spent is not None, "a unit that was taken has its balance"

    async def return_unit(
        self, tx: Tx, client_id: str, produit: str, delivery_id: str, *, by: str, reason: str
    ) -> None:
        """The lead was rejected or removed: the unit it cost is free again, and looked for when none was left."""
        after = await self._move(tx, "return", client_id, produit, [delivery_id], by=by, reason=reason)
        assert after is not None, "a unit that was spent has its balance"
        await self._unblock(tx, after, "return", 1)

    # -- purchases -------------------------------------------------------------------------------------------

    async def add(
        self, tx: Tx, entity: str, client_id: str, produit: str, units: int, *, by: str = "system", reason: str = "",
        ref: str | None = None,
    ) -> Balance:  # fmt: skip
        """Units bought, in the transaction of their invoice; `ref` (its id) refuses to add them twice.

        404 when the client is not one of the entity.
        """
        if units < 1:
            raise ValueError(f"{units} units cannot be bought")
        await self._clients.hold(tx, Scope((entity,)), client_id)
        await self._store.open(tx, entity, client_id, produit)
        after = await self._bought(tx, "purchase", client_id, produit, units, by, reason, ref)
        assert after is not None, "a purchase asks for nothing"
        await self._unblock(tx, after, "purchase", units)
        return after

    async def withdraw(
        self, tx: Tx, entity: str, client_id: str, produit: str, units: int, *, by: str = "system", reason: str = "",
        ref: str | None = None,
    ) -> bool:  # fmt: skip
        """Take back units that were bought and not used; False when fewer are left."""
        if units < 1:
            raise ValueError(f"{units} units cannot be withdrawn")
        await self._clients.hold(tx, Scope((entity,)), client_id)
        return await self._bought(tx, "withdrawal", client_id, produit, units, by, reason, ref) is not None

    async def _bought(
        self, tx: Tx, kind: Kind, client_id: str, produit: str, units: int, by: str, reason: str, ref: str | None
    ) -> Balance | None:
        now = self._clock.now()
        after = await self._store.apply(tx, rules.balance_id(client_id, produit), rules.change(kind, units), now)
        if after is None:
            return None
        move = Move(
            id=rules.move_id(kind, ref or new_id()), entity=after.entity, client_id=client_id, product_code=produit,
            kind=kind, units=units, reason=reason, user=by, at=now,
        )  # fmt: skip
        await self._store.note(tx, [move])
        action = {"purchase": "prepayment_units_added", "withdrawal": "prepayment_units_withdrawn"}[kind]
        details = {"product_code": produit, "units": units, "remaining": after.units_remaining, "reason": reason}
        event = Event(action=action, entity_type="client", entity_id=client_id, entity=after.entity, user=by,
                      details=details)  # fmt: skip
        await self._audit.record(tx, event)
        return after

    async def _move(
        self, tx: Tx, kind: Kind, client_id: str, produit: str, delivery_ids: Sequence[str], *, by: str = "system",
        reason: str = "",
    ) -> Balance | None:  # fmt: skip
        """One unit for each delivery, with its line in the journal. None when the balance refuses."""
        now, key = self._clock.now(), rules.balance_id(client_id, produit)
        after = await self._store.apply(tx, key, rules.change(kind, len(delivery_ids)), now)
        if after is None:
            return None
        moves = [
            Move(
                id=rules.move_id(kind, one), entity=after.entity, client_id=client_id, product_code=produit, kind=kind,
                units=1, delivery_id=one, reason=reason, user=by, at=now,
            )
            for one in delivery_ids
        ]  # fmt: skip
        await self._store.note(tx, moves)
        return after

    async def _unblock(self, tx: Tx, after: Balance, kind: Kind, units: int) -> None:
        if rules.unblocks(kind, after.model_dump(include={"units_remaining"}), units):
            payload = {"entity": after.entity, "produit": after.product_code, "reason": "prepaid_units"}
            await self._outbox.put_task(tx, "route_waiting", payload, entity=after.entity)

    # -- reading ---------------------------------------------------------------------------------------------

    async def remaining(self, pairs: Iterable[Pair], *, tx: Tx | None = None) -> dict[Pair, int]:
        """Units left to each (client id, produit); 0 without a balance. One query."""
        keys = {pair: rules.balance_id(*pair) for pair in pairs}
        found = await self._store.remaining(keys.values(), tx=tx) if keys else {}
        return {pair: found.get(key, 0) for pair, key in keys.items()}

    async def of_pairs(self, pairs: Iterable[Pair]) -> dict[Pair, BalanceView]:
        """The balances of these (client id, produit) that exist. One query."""
        found = await self._store.known([rules.balance_id(*pair) for pair in pairs])
        return {(one.client_id, one.product_code): _shown(one) for one in found}

    async def balances(self, scope: Scope, client_id: str) -> list[BalanceView]:
        """The client's balances, and an empty one for each produit that it pays in advance. 404 unknown client."""
        client = await self._clients.get(scope, client_id)
        found = {one.product_code: one for one in await self._store.of_client(scope, client_id)}
        codes = [one.code for one in await self._pricing.products()]
        quotes = await self._pricing.quotes([client_id], codes, self._today())
        for code in codes:
            if quotes[client_id, code].mode == "PREPAID" and code not in found:
                found[code] = Balance(entity=client.entity, client_id=client_id, product_code=code)
        return [_shown(found[code]) for code in codes if code in found]

    async def moves(self, scope: Scope, client_id: str, page: Page) -> Paged[Move]:
        """The journal of a client, newest first. 404 unknown client."""
        await self._clients.get(scope, client_id)
        return await self._store.moves(scope, client_id, page)

    async def low(self, scope: Scope) -> list[BalanceView]:
        """The balances nearly or quite empty of clients who pay in advance today."""
        rows = await self._store.at_most(scope, rules.LOW)
        quotes = await self._pricing.quotes(
            [one.client_id for one in rows], [one.product_code for one in rows], self._today()
        )
        return [_shown(one) for one in rows if quotes[one.client_id, one.product_code].mode == "PREPAID"]

    async def every(self) -> AsyncIterator[Balance]:
        async for one in self._store.every():
            yield one

    async def journal_sums(self) -> AsyncIterator[tuple[str, Kind, int]]:
        """(balance id, kind, units) over the whole journal."""
        async for one in self._store.sums():
            yield one

    def _today(self) -> date:
        return weeks.paris_day(self._clock.now())


def _shown(one: Balance) -> BalanceView:
    return BalanceView(**one.model_dump(), status=rules.status(one.units_remaining))
