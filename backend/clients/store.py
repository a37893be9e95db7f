"""Queries of `clients` and `client_activity`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.clients.models import Activity, Client, Note
from backend.core.indexes import Index, index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.sealing import Vault, place
from backend.core.tenancy import Scope, TenantCollection

SORTS = {"name": "name_key", "created_at": "created_at", "last_delivery_at": "last_delivery_at"}
"""What the list may be sorted by, and the field that is."""
_ACTIVE = {field: index("entity", "deleted", "active", field, "id") for field in SORTS.values()}
_ALL = {field: index("entity", "deleted", field, "id") for field in SORTS.values()}
_ACTIVITY = index("entity", "client_id", "-created_at", "-id")
INDEXES = {
    "clients": [
        index("id", unique=True),
        index("entity", "email", unique=True, partial={"deleted": False}),
        *_ACTIVE.values(),
        *_ALL.values(),
        index("entity", "email_keys", "last_delivery_at"),
        index("entity", "active", "paused_until"),
        index("entity", "push.failing_since", partial={"push.failing_since": {"$type": "date"}}),
    ],
    "client_activity": [index("id", unique=True), _ACTIVITY],
}
MAX_NOTES = 500
_FIELDS = sorted(Client.model_fields)


def _live(client_id: str) -> Doc:
    return {"id": client_id, "deleted": False}


def _begins(prefix: str) -> Doc:
    return {"$elemMatch": {"$gte": prefix, "$lt": prefix + "\U0010ffff"}}


def _listed(active_only: bool, prefix: str, sort: str) -> tuple[Doc, Sequence[tuple[str, int]], Index]:
    """The query of a list, its order, and the index it is read through."""
    query: Doc = {"deleted": False} | ({"active": True} if active_only else {})
    if prefix:
        query["search_keys"] = _begins(prefix)
    field, way = SORTS[sort.removeprefix("-")], -1 if sort.startswith("-") else 1
    return query, ((field, way), ("id", way)), (_ACTIVE if active_only else _ALL)[field]


class ClientsStore:
    """The API key is sealed here; `secret` alone opens it, for a call to the client."""

    def __init__(self, mongo: Mongo, vault: Vault) -> None:
        self._mongo = mongo
        self._vault = vault
        self._clients = TenantCollection(mongo.collection("clients"))
        self._activity = TenantCollection(mongo.collection("client_activity"))

    async def page(
        self, scope: Scope, page: Page, *, active_only: bool, prefix: str, sort: str = "name"
    ) -> Paged[Client]:
        """Clients that are not deleted, by a key of `SORTS` (`-` downwards).

        `prefix` (folded) starts the name, one of its words, an address or the number.
        """
        query, order, hint = _listed(active_only, prefix, sort)
        rows = await self._clients.page(scope, query, page, sort=order, fields=_FIELDS, hint=hint.keys)
        return Paged([Client.model_validate(doc) for doc in rows.rows], rows.total, rows.capped)

    async def stream(
        self, scope: Scope, *, active_only: bool, prefix: str, sort: str = "name"
    ) -> AsyncIterator[Client]:
        """The same clients as `page`, all of them."""
        query, order, hint = _listed(active_only, prefix, sort)
        rows = self._clients.find(scope, query, sort=order, fields=_FIELDS)
        async for doc in rows.hint(list(hint.keys)):
            yield Client.model_validate(doc)

    async def found(self, scope: Scope, prefix: str) -> list[str]:
        query = {"deleted": False, "search_keys": _begins(prefix)}
        rows = self._clients.find(scope, query, fields=["id"]).hint(list(_ALL["name_key"].keys))
        return [doc["id"] async for doc in rows]

    async def pause_over(self, everyone: Scope, day: str) -> list[Client]:
        """The clients paused until `day` or before."""
        query: Doc = {"deleted": False, "active": False, "paused_until": {"$gt": "", "$lte": day}}
        return [Client.model_validate(doc) async for doc in self._clients.find(everyone, query, fields=_FIELDS)]

    async def one(self, scope: Scope, client_id: str, *, tx: Tx | None = None) -> Client | None:
        doc = await self._clients.one(scope, _live(client_id), fields=_FIELDS, tx=tx)
        return Client.model_validate(doc) if doc else None

    async def notes(self, scope: Scope, client_id: str) -> list[Note]:
        doc = await self._clients.one(scope, _live(client_id), fields=["internal_notes"])
        return [Note.model_validate(note) for note in (doc or {}).get("internal_notes", [])]

    async def secret(self, scope: Scope, client_id: str) -> str:
        """Empty when there is none; `Unreadable` when the key that sealed it is not here."""
        doc = await self._clients.one(scope, {"id": client_id}, fields=["api_key"])
        return self._opened(client_id, (doc or {}).get("api_key", ""))

    async def sealed_otherwise(self, scope: Scope) -> list[str]:
        """Ids of the clients whose key is not sealed with the current one: another key, or in clear."""
        query = {"api_key": {"$nin": ["", None]}, "api_key.key": {"$ne": self._vault.current}}
        return [doc["id"] async for doc in self._clients.find(scope, query, fields=["id"])]

    async def reseal(self, scope: Scope, client_id: str) -> bool:
        """Seal the client's key with the current one; False when it was changed meanwhile."""
        doc = await self._clients.one(scope, {"id": client_id}, fields=["api_key"])
        stored = (doc or {}).get("api_key", "")
        values = self._sealed(client_id, {"api_key": self._opened(client_id, stored)})
        query = {"id": client_id, "api_key": stored}
        return bool(await self._clients.update(None, scope, query, {"$set": values}))

    def _opened(self, client_id: str, stored: Any) -> str:
        if isinstance(stored, Mapping):
            return self._vault.open(dict(stored), place("clients", client_id, "api_key"))
        return str(stored or "")  # in clear: written before the migration that seals

    def _sealed(self, client_id: str, values: Mapping[str, Any]) -> Doc:
        given = dict(values)
        if given.get("api_key"):
            given["api_key"] = self._vault.seal(given["api_key"], place("clients", client_id, "api_key"))
        return given

    async def by_ids(self, scope: Scope, ids: Iterable[str], *, tx: Tx | None = None) -> list[Client]:
        """Deleted ones included: what was delivered keeps its client."""
        rows = self._clients.find(scope, {"id": {"$in": sorted(set(ids))}}, fields=_FIELDS, tx=tx)
        return [Client.model_validate(doc) async for doc in rows]

    async def insert(self, tx: Tx, scope: Scope, client: Client, hidden: Mapping[str, Any]) -> None:
        """DuplicateKeyError when a client of the entity that is not deleted has the address."""
        doc = {**client.model_dump(), **self._sealed(client.id, hidden), "deleted": False, "internal_notes": []}
        self._mongo.touched("clients", tx)
        await self._clients.insert(tx, scope, doc)

    async def change(self, tx: Tx, scope: Scope, client_id: str, values: Mapping[str, Any]) -> Client | None:
        """Set `values` on a client that is not deleted; answers it as it is after, None when there is none."""
        if not await self._update(tx, scope, _live(client_id), {"$set": self._sealed(client_id, values)}):
            return None
        return await self.one(scope, client_id, tx=tx)

    async def touch(self, tx: Tx, scope: Scope, client_id: str) -> bool:
        """Write on the client without changing it, so that a deletion at the same moment conflicts."""
        return bool(await self._update(tx, scope, _live(client_id), {"$inc": {"touched": 1}}))

    async def delete(self, tx: Tx, scope: Scope, client_id: str, at: datetime) -> bool:
        change = {"$set": {"deleted": True, "deleted_at": at, "active": False, "updated_at": at}}
        return bool(await self._update(tx, scope, _live(client_id), change))

    async def add_note(self, tx: Tx, scope: Scope, client_id: str, note: Note) -> bool:
        """False when the client has `MAX_NOTES` already (or is not there)."""
        query = {**_live(client_id), f"internal_notes.{MAX_NOTES - 1}": {"$exists": False}}
        return bool(await self._update(tx, scope, query, {"$push": {"internal_notes": note.model_dump()}}))

    async def note_sent(self, tx: Tx, scope: Scope, client_id: str, at: datetime, week: str, units: int) -> None:
        counted = {"delivered_total": units, f"delivered_weeks.{week}": units}
        await self._update(tx, scope, {"id": client_id}, {"$inc": counted, "$max": {"last_delivery_at": at}})

    async def _update(self, tx: Tx, scope: Scope, query: Doc, change: Doc) -> int:
        self._mongo.touched("clients", tx)
        return await self._clients.update(tx, scope, query, change)

    async def mend_push(self, tx: Tx, scope: Scope, client_id: str) -> None:
        """Forget the failures of an interface that is still called."""
        query = {"id": client_id, "push.failing_since": {"$type": "date"}, "push.disabled_at": None}
        change: Doc = {"push.failing_since": None, "push.failing_days": [], "push.last_failure": ""}
        await self._update(tx, scope, query, {"$set": change})

    async def ailing_pushes(self, scope: Scope) -> list[Client]:
        query = {"deleted": False, "push.failing_since": {"$type": "date"}}
        rows = self._clients.find(scope, query, fields=_FIELDS, sort=[("push.failing_since", 1)])
        return [Client.model_validate(doc) async for doc in rows]

    async def emails_served(self, scope: Scope, emails: Sequence[str], since: datetime) -> set[str]:
        """Those of `emails` that belong to a client of the scope to whom something left since then."""
        query = {"email_keys": {"$in": list(emails)}, "last_delivery_at": {"$gte": since}}
        found = [doc async for doc in self._clients.find(scope, query, fields=["email_keys"])]
        return {key for doc in found for key in doc["email_keys"]} & set(emails)

    async def tell(self, tx: Tx, entity: str, line: Activity) -> None:
        await self._activity.insert(tx, Scope((entity,)), {**line.model_dump(), "entity": entity})

    async def activity(self, scope: Scope, client_id: str, page: Page) -> Paged[Activity]:
        rows = await self._activity.page(scope, {"client_id": client_id}, page, hint=_ACTIVITY.keys)
        return Paged([Activity.model_validate(doc) for doc in rows.rows], rows.total, rows.capped)
