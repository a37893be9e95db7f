"""Queries of `provider_costs`; counts over leads and ledger lines, reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.tenancy import Scope, TenantCollection
from backend.margin.models import Bought, Cost, Sold

INDEXES = {
    "provider_costs": [index("provider_id", "produit", "valid_from", unique=True)],
    "billing_ledger": [index("lead_id")],
}
Window = tuple[datetime, datetime]
_DAY = {"$dateToString": {"date": "$created_at", "format": "%Y-%m-%d", "timezone": "Europe/Paris"}}
_BOUGHT = {"$gt": ["$provider_id", None]}
# Whoever was sold the lead first and did not give it back.
_KEPT = {"$filter": {"input": "$sold_to", "cond": {"$not": [{"$in": ["$$this", "$refused_clients"]}]}}}
_COUNTED = {
    "units": {"$sum": {"$cond": [{"$in": ["$kind", ["unit", "reversal"]]}, "$quantity", 0]}},
    "unpriced": {"$sum": {"$cond": [{"$eq": ["$net_unit_eur", None]}, "$quantity", 0]}},
    "revenue": {"$sum": {"$multiply": ["$quantity", {"$ifNull": ["$net_unit_eur", 0]}]}},
}
_LINE = {"_id": 0, "kind": 1, "quantity": 1, "net_unit_eur": 1}


class MarginStore:
    def __init__(self, mongo: Mongo) -> None:
        self._raw = mongo.collection("provider_costs")
        self._costs = TenantCollection(self._raw)
        self._leads = TenantCollection(mongo.collection("leads"))
        self._ledger = TenantCollection(mongo.collection("billing_ledger"))

    # -- prices ----------------------------------------------------------------------------------------------

    async def costs(self, provider_ids: Iterable[str], *, tx: Tx | None = None) -> list[Cost]:
        """Every price of these providers, by provider, produit and day."""
        query = {"provider_id": {"$in": sorted(set(provider_ids))}}
        cursor = self._raw.find(query, {"_id": 0}, session=tx)
        return [Cost(**doc) async for doc in cursor.sort([("provider_id", 1), ("produit", 1), ("valid_from", 1)])]

    async def put(self, tx: Tx, cost: Cost) -> None:
        key = {"provider_id": cost.provider_id, "produit": cost.produit, "valid_from": cost.valid_from}
        await self._raw.update_one(key, {"$set": cost.model_dump()}, upsert=True, session=tx)

    # -- what was bought and sold ----------------------------------------------------------------------------

    async def bought(
        self, scope: Scope, window: Window, statuses: Sequence[str], wanted: Mapping[str, Any]
    ) -> list[Bought]:
        """Leads received in [start, end) from providers, in one of `statuses`, that were no copy when received."""
        accepted = {"$and": [_BOUGHT, {"$ne": ["$answer.status", "duplicate"]}, {"$in": ["$status", list(statuses)]}]}
        query = {**_received(window), **wanted, "$expr": accepted}
        key = {"provider_id": "$provider_id", "produit": "$produit", "day": _DAY, "client_id": {"$first": _KEPT}}
        found = self._leads.aggregate(scope, query, [{"$group": {"_id": key, "n": {"$sum": 1}}}])
        return [Bought(n=doc["n"], client_id=doc["_id"].pop("client_id", None), **doc["_id"]) async for doc in found]

    async def sold_in_week(self, scope: Scope, week: str) -> list[Sold]:
        """The ledger of a week, avoirs and takings back deducted, each line with the source of its lead."""
        lead = {"from": "leads", "localField": "lead_id", "foreignField": "id", "as": "lead",
                "pipeline": [{"$project": {"_id": 0, "provider_id": 1}}]}  # fmt: skip
        key = {"provider_id": {"$first": "$lead.provider_id"}, "produit": "$product_code", "client_id": "$client_id"}
        group = {"_id": key, "client_name": {"$first": "$client_name"}, **_COUNTED}
        found = self._ledger.aggregate(scope, {"week_key": week}, [{"$lookup": lead}, {"$group": group}])
        return [_sold(doc) async for doc in found]

    async def brought(self, scope: Scope, window: Window, wanted: Mapping[str, Any]) -> list[Sold]:
        """What the leads received in [start, end) have brought the scope so far, by source and day of reception."""
        mine = [{"$match": {"entity": scope.predicate()}}, {"$project": _LINE}]
        lines = {
            "from": "billing_ledger",
            "localField": "id",
            "foreignField": "lead_id",
            "as": "line",
            "pipeline": mine,
        }
        # A provider is one source, whatever campaign it names.
        key = {"provider_id": "$provider_id", "source_key": {"$cond": [_BOUGHT, "", "$source_key"]}, "day": _DAY}
        group = {"_id": key, "source": {"$first": {"$cond": [_BOUGHT, "$provider_slug", "$source"]}},
                 **_of("line", _COUNTED)}  # fmt: skip
        stages: list[Doc] = [{"$lookup": lines}, {"$unwind": "$line"}, {"$group": group}]
        query = {**_received(window), **wanted, "sold_to.0": {"$exists": True}}
        return [_sold(doc) async for doc in self._leads.aggregate(scope, query, stages)]


def _received(window: Window) -> Doc:
    return {"created_at": {"$gte": window[0], "$lt": window[1]}}


def _of(prefix: str, value: Any) -> Any:
    """The same expressions, on the fields of a joined document."""
    if isinstance(value, str):
        return f"${prefix}.{value[1:]}" if value.startswith("$") else value
    if isinstance(value, list):
        return [_of(prefix, one) for one in value]
    return {name: _of(prefix, one) for name, one in value.items()} if isinstance(value, dict) else value


def _sold(doc: Doc) -> Sold:
    values = {**doc, **doc["_id"]}
    return Sold(**{name: value for name, value in values.items() if name in Sold.model_fields and value is not None})
