"""Use cases of prices: what a unit costs, for the rest of the house; what people set."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date
from typing import Any, Protocol

from pymongo.errors import DuplicateKeyError

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.clients.models import Client
from backend.clients.service import ClientsService
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.errors import BadRequest, Conflict, InvalidInput, NotFound
from backend.core.ids import new_id
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.tenancy import Scope
from backend.outbox.service import OutboxService
from backend.pricing import rules
from backend.pricing.models import (
    KNOWN,
    ClientPricing,
    Defaults,
    DefaultsBody,
    GlobalView,
    MissingPrice,
    Mode,
    Price,
    PriceBody,
    Product,
    ProductBody,
    Quote,
    told,
)
from backend.pricing.store import PricingStore

_PRICE = ("unit_price_eur", "discount_pct", "billing_mode", "active", "valid_from")
Ordered = Callable[[Scope], Awaitable[Iterable[tuple[str, str]]]]
"""(client id, produit) of the active commandes of a scope; `bootstrap` gives it, commandes being above."""


class PriceChanged(Protocol):
    """Told inside the transaction in which a client's price for a produit changed."""

    async def __call__(self, tx: Tx, entity: str, client_id: str, produit: str) -> None: ...


class PricingService:
    def __init__(
        self,
        mongo: Mongo,
        store: PricingStore,
        audit: AuditService,
        outbox: OutboxService,
        clients: ClientsService,
        clock: Clock,
        everyone: Scope,
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._audit = audit
        self._outbox = outbox
        self._clients = clients
        self._clock = clock
        self._everyone = everyone
        self._listeners: list[PriceChanged] = []
        self._ordered: Ordered | None = None

    # Wiring

    def on_change(self, callback: PriceChanged) -> None:
        self._listeners.append(callback)

    def read_orders(self, ordered: Ordered) -> None:
        self._ordered = ordered

    # What the rest of the house asks

    async def quote(self, client_id: str, produit: str, day: date, *, tx: Tx | None = None) -> Quote:
        """What one unit costs this client on that Paris day."""
        return (await self.quotes([client_id], [produit], day, tx=tx))[client_id, produit]

    async def quotes(
        self, client_ids: Iterable[str], produits: Iterable[str], day: date, *, tx: Tx | None = None
    ) -> dict[tuple[str, str], Quote]:
        """Every (client, produit) of the two lists, deleted clients included."""
        ids, wanted = sorted(set(client_ids)), sorted(set(produits))
        rows = await self._store.prices(self._everyone, ids, wanted, day=day, tx=tx)
        defaults = await self._store.defaults(self._everyone, ids, tx=tx)
        clients = await self._clients.by_ids(ids, tx=tx)
        by_client = _by_client(rows)
        made: dict[tuple[str, str], Quote] = {}
        for one in ids:
            own = by_client.get(one, [])
            rate = clients[one].vat_rate if one in clients else None
            held = defaults.get(one) or Defaults(client_id=one)
            made |= {(one, produit): rules.quote(own, held, rate, produit, day) for produit in wanted}
        return made

    async def modes(self, client_ids: Iterable[str], produit: str, day: date, tx: Tx | None = None) -> dict[str, Mode]:
        """How each of these clients pays the produit that day. One query: routing asks for every lead."""
        ids = set(client_ids)
        rows = await self._store.prices(self._everyone, ids, [produit], day=day, tx=tx) if ids else []
        by_client = _by_client(rows)
        return {one: rules.mode(by_client.get(one, []), produit, day) for one in ids}

    async def payment_terms(self, client_id: str, *, tx: Tx | None = None) -> int:
        """Days the client has to pay, from its sheet; 30 when it has none."""
        client = (await self._clients.by_ids([client_id], tx=tx)).get(client_id)
        return client.payment_terms_days if client else 30

    async def missing(self, scope: Scope, client_id: str | None = None) -> list[MissingPrice]:
        """Clients (or this one) with an active commande whose produit has no price today: it cannot be invoiced."""
        ordered = sorted(set(await self._ordered(scope))) if self._ordered else []
        pairs = [(one, produit) for one, produit in ordered if client_id in {None, one}]
        priced = await self._store.priced((one for one, _ in pairs), self._today())
        without = [pair for pair in pairs if pair not in priced]
        clients = await self._clients.by_ids([one for one, _ in without])
        return [
            MissingPrice(entity=clients[one].entity, client_id=one, client_name=clients[one].name, produit=produit)
            for one, produit in without
            if one in clients
        ]

    # Reading

    async def products(self, *, tx: Tx | None = None) -> list[Product]:
        return [*KNOWN, *await self._store.products(tx=tx)]

    async def of_client(self, scope: Scope, client_id: str) -> ClientPricing:
        """The client's prices as they count today, and all they were. 404 when the client is not there."""
        client, today = await self._clients.get(scope, client_id), self._today()
        own = Scope((client.entity,))
        codes = [one.code for one in await self.products()]
        rows = await self._store.prices(own, [client_id], None)
        rows.sort(key=lambda row: (row.valid_from, row.created_at), reverse=True)
        held = await self._defaults(client)
        quotes = [rules.quote(rows, held, client.vat_rate, code, today) for code in codes]
        return ClientPricing(
            client_id=client_id,
            entity=client.entity,
            global_=_shown(client, held),
            products=[row for code in codes if (row := rules.in_force(rows, code, today))],
            history=rows,
            effective=[rules.view(one) for one in quotes],
            pricing_missing=[one.produit for one in await self.missing(own, client_id)],
        )

    async def _defaults(self, client: Client, *, tx: Tx | None = None) -> Defaults:
        found = await self._store.defaults(Scope((client.entity,)), [client.id], tx=tx)
        return found.get(client.id) or Defaults(client_id=client.id, entity=client.entity)

    # Writing

    async def add_product(self, body: ProductBody, by: str) -> Product:
        """409 when the code is taken. Leads and commandes know the three first products only."""
        now = self._clock.now()
        product = Product(code=body.code, name=body.name, unit=body.unit, created_at=now, updated_at=now)
        if any(one.code == body.code for one in KNOWN):
            raise _taken()

        async def work(tx: Tx) -> None:
            await self._store.add_product(tx, product)
            details = {"name": product.name, "unit": product.unit}
            event = Event(
                action="product_created", entity_type="product", entity_id=body.code, user=by, details=details
            )
            await self._audit.record(tx, event)

        try:
            await self._mongo.transaction(work)
        except DuplicateKeyError:
            raise _taken() from None
        return product

    async def set_defaults(self, scope: Scope, client_id: str, body: DefaultsBody, by: str) -> GlobalView:
        """Write the fields given; they count from now on, what is in the ledger keeps what it was snapshot at."""
        given = body.model_dump(exclude_unset=True)
        if not given:
            raise BadRequest("Aucun champ à modifier.")

        async def work(tx: Tx) -> GlobalView:
            client = await self._clients.hold(tx, scope, client_id)
            old = await self._defaults(client, tx=tx)
            new = old.model_copy(update={**given, "updated_at": self._clock.now()})
            await self._store.set_defaults(tx, new)
            await self._tell(tx, client, "pricing_update", by, {"old": told(old, *given), "new": told(new, *given)})
            return _shown(client, new)

        return await self._mongo.transaction(work)

    async def set_price(self, scope: Scope, client_id: str, body: PriceBody, by: str) -> tuple[Price, Quote]:
        """A price from a day on; what is not given stays as in the price in force that day (`PriceBody`)."""
        day, now = body.valid_from or self._today().isoformat(), self._clock.now()
        values = body.model_dump(exclude_unset=True)

        async def work(tx: Tx) -> tuple[Price, Quote]:
            client = await self._clients.hold(tx, scope, client_id)
            await self._demand_product(tx, body.product_code)
            rows = await self._store.prices(scope, [client_id], [body.product_code], tx=tx)
            base = rules.in_force(rows, body.product_code, date.fromisoformat(day))
            merged = rules.merged(base, values)
            if "unit_price_eur" not in merged:
                raise InvalidInput({"unit_price_eur": "Un prix est attendu : ce client n'en a pas encore ce jour-là."})
            same = next((row for row in rows if row.valid_from == day), None)
            price = Price(
                id=same.id if same else new_id(), entity=client.entity, client_id=client_id,
                product_code=body.product_code, valid_from=day, updated_at=now,
                created_at=same.created_at if same else now, **merged,
            )  # fmt: skip
            await (self._store.change(tx, price) if same else self._store.insert(tx, price))
            details = {"old": told(base, *_PRICE) if base else None, "new": told(price, *_PRICE)}
            after = rules.replaced(rows, price)
            await self._changed(tx, client, body.product_code, "pricing_update", by, details, rows, after)
            held = await self._defaults(client, tx=tx)
            return price, rules.quote(after, held, client.vat_rate, body.product_code, self._today())

        done = await self._mongo.transaction(work)
        self._outbox.poke()
        return done

    async def delete_price(self, scope: Scope, client_id: str, code: str, by: str) -> int:
        """The produit has no price any more, today or later; the history stays. 404 when it had none."""

        async def work(tx: Tx) -> int:
            client = await self._clients.hold(tx, scope, client_id)
            rows = await self._store.prices(scope, [client_id], [code], tx=tx)
            ended = [row for row in rows if row.active]
            if not ended:
                raise NotFound("Ce client n'a pas de prix pour ce produit.")
            gone = [row.model_copy(update={"active": False, "updated_at": self._clock.now()}) for row in ended]
            for row in gone:
                await self._store.change(tx, row)
            details = {"old": [told(row, *_PRICE) for row in ended], "new": None}
            await self._changed(tx, client, code, "pricing_delete", by, details, rows, gone)
            return len(gone)

        done = await self._mongo.transaction(work)
        self._outbox.poke()
        return done

    async def _demand_product(self, tx: Tx, code: str) -> None:
        known = [one.code for one in await self.products(tx=tx)]
        if code not in known:
            raise InvalidInput({"product_code": f"Produit inconnu. Attendu : {', '.join(known)}."})

    async def _changed(
        self, tx: Tx, client: Client, produit: str, action: str, by: str, details: Doc,
        before: Sequence[Price], after: Sequence[Price],
    ) -> None:  # fmt: skip
        """The news of a price: the event, the listeners, and the waiting leads when no balance stands before them."""
        await self._tell(tx, client, action, by, {"product_code": produit, **details})
        for callback in self._listeners:
            await callback(tx, client.entity, client.id, produit)
        today = self._today()
        if rules.mode(before, produit, today) == "PREPAID" and rules.mode(after, produit, today) != "PREPAID":
            payload = {"entity": client.entity, "produit": produit, "reason": "billing_mode"}
            await self._outbox.put_task(tx, "route_waiting", payload, entity=client.entity)

    async def _tell(self, tx: Tx, client: Client, action: str, by: str, details: Doc) -> None:
        about: dict[str, Any] = {"entity_type": "client", "entity_id": client.id, "entity": client.entity, "user": by}
        await self._audit.record(tx, Event(action=action, details={"client_name": client.name, **details}, **about))

    def _today(self) -> date:
        return weeks.paris_day(self._clock.now())


def _shown(client: Client, held: Defaults) -> GlobalView:
    rate, origin = rules.tva(held, client.vat_rate)
    return GlobalView(
        client_id=client.id,
        discount_pct_global=held.discount_pct_global,
        tva_rate=rate,
        tva_origin=origin,
        payment_terms_days=client.payment_terms_days,
        updated_at=held.updated_at,
    )


def _taken() -> Conflict:
    return Conflict("Ce code de produit existe déjà.", code="duplicate")


def _by_client(rows: Iterable[Price]) -> dict[str, list[Price]]:
    found: dict[str, list[Price]] = {}
    for one in rows:
        found.setdefault(one.client_id, []).append(one)
    return found
