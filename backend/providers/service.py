"""Use cases of providers: who they are, and who a key belongs to."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from pymongo.errors import DuplicateKeyError

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.core.clock import Clock
from backend.core.errors import Conflict, NotFound, RateLimited, Unauthenticated
from backend.core.ids import new_id
from backend.core.mongo import Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.ratelimit import TokenBuckets
from backend.core.tenancy import Scope
from backend.providers import keys
from backend.providers.models import NewProvider, Provider, ProviderChange
from backend.providers.store import ProviderStore

CountLeads = Callable[[Sequence[str]], Awaitable[Mapping[str, int]]]
RATE, BURST = 100, 500  # calls a second and at once, per provider
_FRESH_FOR = 1.0  # seconds a key's provider is believed without asking the base
_REMEMBERED = 1_000


class ProvidersService:
    def __init__(self, mongo: Mongo, store: ProviderStore, clock: Clock, audit: AuditService) -> None:
        self._mongo = mongo
        self._store = store
        self._clock = clock
        self._audit = audit
        self._buckets = TokenBuckets(RATE, BURST)
        self._known: dict[str, tuple[float, Provider]] = {}
        self._count_leads: CountLeads | None = None

    def register(self, count_leads: CountLeads) -> None:
        """Given by `bootstrap`: leads received from each of these providers."""
        self._count_leads = count_leads

    # What a provider's program does

    async def authenticate(self, key: str) -> Provider:
        """The active provider of this key; `Unauthenticated` (`invalid_api_key`) otherwise."""
        provider = await self._of_key(keys.digest(key)) if keys.plausible(key) else None
        if provider is None:
            raise Unauthenticated("Clé d'API inconnue ou désactivée.", code="invalid_api_key")
        return provider

    def throttle(self, provider: Provider) -> None:
        """Spend one call of the provider's allowance; `RateLimited` says when to come back."""
        wait = self._buckets.take(provider.id)
        if wait:
            headers = {"Retry-After": str(math.ceil(wait))}
            raise RateLimited("Trop d'appels : ralentissez et réessayez.", headers=headers)

    async def _of_key(self, digest: str) -> Provider | None:
        then, provider = self._known.get(digest, (-math.inf, None))
        if provider is not None and time.monotonic() - then < _FRESH_FOR:
            return provider
        self._known.pop(digest, None)
        found = await self._store.by_digest(digest)
        if found is not None:
            self._remember(digest, found)
        return found

    def _remember(self, digest: str, provider: Provider) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[digest] = (time.monotonic(), provider)

    # What people do

    async def page(self, scope: Scope, page: Page, *, active: bool | None = None) -> Paged[Provider]:
        """By name."""
        return await self._store.page(scope, {} if active is None else {"active": active}, page)

    async def get(self, scope: Scope, provider_id: str, *, tx: Tx | None = None) -> Provider:
        provider = await self._store.one(scope, provider_id, tx=tx)
        if provider is None:
            raise NotFound("Fournisseur introuvable.")
        return provider

    async def by_ids(self, ids: Iterable[str]) -> dict[str, Provider]:
        """For the system: of every entity, deleted ones included."""
        return {provider.id: provider for provider in await self._store.by_ids(ids)}

    async def lead_counts(self, ids: Sequence[str]) -> Mapping[str, int]:
        """Leads received from each provider; those absent sent none."""
        return await self._count_leads(ids) if self._count_leads and ids else {}

    async def create(self, entity: str, body: NewProvider, user: str) -> tuple[Provider, str]:
        """Make a provider and its key, the only time the key is known; 409 when the slug is taken, in any entity."""
        key, now = keys.new_key(), self._clock.now()
        provider = Provider(
            id=new_id(),
            **body.model_dump(exclude={"entity"}),
            entity=entity,
            **_key_fields(key),
            key_rotated_at=now,
            created_at=now,
            updated_at=now,
        )

        async def work(tx: Tx) -> None:
            await self._store.insert(tx, provider)
            await self._audit.record(tx, _event("provider_created", provider, user))

        try:
            await self._mongo.transaction(work)
        except DuplicateKeyError:
            raise Conflict({"slug": "Cet identifiant est déjà pris."}, code="duplicate") from None
        return provider, key

    async def change(self, scope: Scope, provider_id: str, body: ProviderChange, user: str) -> Provider:
        async def work(tx: Tx) -> Provider:
            before = await self.get(scope, provider_id, tx=tx)
            given = {name: value for name, value in body.given().items() if getattr(before, name) != value}
            if not given:
                return before
            details = {"old": {name: getattr(before, name) for name in given}, "new": given}
            return await self._save(tx, before, given, _event("provider_updated", before, user, details))

        return await self._forgetting(work)

    async def delete(self, scope: Scope, provider_id: str, user: str) -> None:
        """Hide it and refuse its key for good; its leads keep it, and so does its slug."""

        async def work(tx: Tx) -> Provider:
            before = await self.get(scope, provider_id, tx=tx)
            gone = {"active": False, "deleted_at": self._clock.now()}
            return await self._save(tx, before, gone, _event("provider_deleted", before, user))

        await self._forgetting(work)

    async def rotate_key(self, scope: Scope, provider_id: str, user: str) -> str:
        """A new key, the only time it is known; the old one is refused at once (1 s in other processes)."""
        key = keys.new_key()

        async def work(tx: Tx) -> Provider:
            before = await self.get(scope, provider_id, tx=tx)
            fields = {**_key_fields(key), "key_rotated_at": self._clock.now()}
            return await self._save(tx, before, fields, _event("rotate_provider_key", before, user))

        await self._forgetting(work)
        return key

    async def _save(self, tx: Tx, before: Provider, fields: dict[str, Any], event: Event) -> Provider:
        fields = {**fields, "updated_at": self._clock.now()}
        await self._store.update(tx, before, fields)
        await self._audit.record(tx, event)
        return before.model_copy(update=fields)

    async def _forgetting(self, work: Callable[[Tx], Awaitable[Provider]]) -> Provider:
        saved = await self._mongo.transaction(work)
        self._known.clear()
        return saved


def _key_fields(key: str) -> dict[str, str]:
    return {"api_key_prefix": keys.shown(key), "api_key_sha256": keys.digest(key)}


def _event(action: str, provider: Provider, user: str, details: dict[str, Any] | None = None) -> Event:
    named = {"name": provider.name, "slug": provider.slug}
    return Event(
        action=action, entity_type="provider", entity_id=provider.id, entity=provider.entity,
        user=user, details={**named, **(details or {})},
    )  # fmt: skip
