"""Tenancy in the data layer: no store reads or writes a tenant's collection without saying for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCursor

from backend.core.errors import Forbidden
from backend.core.mongo import Collection, Doc, Tx
from backend.core.paging import TOTAL_CAP, Page, Paged

Sort = Sequence[tuple[str, int]]
NEWEST: Sort = (("created_at", -1), ("id", -1))
OLDEST: Sort = (("created_at", 1), ("id", 1))


@dataclass(frozen=True, slots=True)
class Scope:
    """The entities whose rows may be seen. `both` also sees rows that have no entity yet."""

    entities: tuple[str, ...]
    both: bool = False

    @property
    def name(self) -> str:
        return "BOTH" if self.both else self.entities[0]

    def allows(self, entity: str | None) -> bool:
        return entity in self.entities or (self.both and entity is None)

    def narrowed(self, entity: str) -> Scope:
        """The same caller, looking at one entity only; refused when it is not theirs."""
        if entity not in self.entities:
            raise Forbidden(f"Votre périmètre est {self.name} : l'entité {entity} ne vous est pas ouverte.")
        return Scope((entity,))

    def predicate(self) -> Any:
        """A value for an equality on the entity field; `$in` keeps the sort of an index (merge of ranges)."""
        if self.both:
            return {"$in": [*self.entities, None]}
        return self.entities[0]

    def apart(self) -> list[Scope]:
        """The same rows, one entity at a time: an index answers alone what is equal to one value, `null` never."""
        return [*(Scope((one,)) for one in self.entities), *([Scope((), both=True)] if self.both else [])]


class TenantCollection:
    """A collection whose every query carries a scope. The only way a store reaches tenants' rows.

    `always`: no row of it lacks its entity. Seeing both then asks for no `null`, and counts read the index alone.
    """

    def __init__(self, collection: Collection, field: str = "entity", *, always: bool = False) -> None:
        self._raw = collection
        self._field = field
        self._always = always

    def _predicate(self, scope: Scope) -> Any:
        return {"$in": list(scope.entities)} if scope.both and self._always else scope.predicate()

    def _scoped(self, scope: Scope, query: Mapping[str, Any]) -> Doc:
        if self._field in query:
            wanted = query[self._field]
            if isinstance(wanted, str) and scope.allows(wanted):
                return dict(query)
            return {"$and": [{self._field: self._predicate(scope)}, dict(query)]}
        return {self._field: self._predicate(scope), **query}

    def _apart(self, scope: Scope, query: Mapping[str, Any]) -> list[Doc]:
        """The query, entity by entity."""
        if self._field in query:
            return [self._scoped(scope, query)]
        return [self._scoped(one, query) for one in scope.apart() if one.entities or not self._always]

    async def insert(self, tx: Tx | None, scope: Scope, doc: Doc) -> None:
        if not scope.allows(doc.get(self._field)):
            raise Forbidden("Cette entité n'est pas dans votre périmètre.")
        await self._raw.insert_one(doc, session=tx)

    async def one(
        self,
        scope: Scope,
        query: Mapping[str, Any],
        *,
        fields: Sequence[str] | None = None,
        tx: Tx | None = None,
    ) -> Doc | None:
        return await self._raw.find_one(self._scoped(scope, query), _projection(fields), session=tx)

    def find(
        self,
        scope: Scope,
        query: Mapping[str, Any],
        *,
        sort: Sort | None = None,
        fields: Sequence[str] | None = None,
        tx: Tx | None = None,
    ) -> AsyncIOMotorCursor[Doc]:
        cursor = self._raw.find(self._scoped(scope, query), _projection(fields), session=tx)
        return cursor.sort(list(sort)) if sort else cursor

    async def page(
        self,
        scope: Scope,
        query: Mapping[str, Any],
        page: Page,
        *,
        sort: Sort = NEWEST,
        fields: Sequence[str] | None = None,
        hint: Sort | None = None,
    ) -> Paged[Doc]:
        """One page. `hint` names the keys of the index to read through, where the planner could prefer to sort."""
        cursor = self.find(scope, query, sort=sort, fields=fields).skip(page.skip).limit(page.limit)
        rows = [doc async for doc in (cursor.hint(list(hint)) if hint else cursor)]
        total = await self._up_to(TOTAL_CAP + 1, scope, query)
        return Paged(rows, min(total, TOTAL_CAP), total > TOTAL_CAP)

    async def _up_to(self, most: int, scope: Scope, query: Mapping[str, Any]) -> int:
        total = 0
        for one in self._apart(scope, query):
            if total < most:
                total += await self._raw.count_documents(one, limit=most - total)
        return total

    async def count(self, scope: Scope, query: Mapping[str, Any], *, tx: Tx | None = None) -> int:
        return sum([await self._raw.count_documents(one, session=tx) for one in self._apart(scope, query)])

    async def update(
        self, tx: Tx | None, scope: Scope, query: Mapping[str, Any], change: Mapping[str, Any] | list[Doc]
    ) -> int:
        """Update at most one row; answers how many matched, which is how a claim is known to be won."""
        return (await self._raw.update_one(self._scoped(scope, query), change, session=tx)).matched_count

    async def update_many(
        self, tx: Tx | None, scope: Scope, query: Mapping[str, Any], change: Mapping[str, Any] | list[Doc]
    ) -> int:
        return (await self._raw.update_many(self._scoped(scope, query), change, session=tx)).matched_count

    async def delete(self, tx: Tx | None, scope: Scope, query: Mapping[str, Any]) -> int:
        return (await self._raw.delete_one(self._scoped(scope, query), session=tx)).deleted_count

    def aggregate(
        self,
        scope: Scope,
        query: Mapping[str, Any],
        stages: Sequence[Mapping[str, Any]],
        *,
        tx: Tx | None = None,
        hint: Sort | None = None,
    ) -> Any:
        through = {"hint": dict(hint)} if hint else {}
        return self._raw.aggregate([{"$match": self._scoped(scope, query)}, *stages], session=tx, **through)


def _projection(fields: Sequence[str] | None) -> dict[str, int]:
    if fields is None:
        return {"_id": 0}
    return {"_id": 0, **dict.fromkeys(fields, 1)}
