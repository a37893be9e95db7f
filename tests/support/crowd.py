"""Many rows made from a few, so that the planner has something to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from backend import tables
from backend.bootstrap import Parts
from backend.core.ids import new_id
from backend.core.indexes import merged
from backend.core.mongo import Doc
from backend.core.weeks import shift_week

_SHARED = {"entity", "produit", "week", "key", "event", "job", "lp_code"}
_CYCLES: dict[str, dict[str, list[Any]]] = {
    "leads": {"status": ["livre", "invalid", "lb", "routed", "livre", "new"], "delivery_id": [None]},
    "deliveries": {
        "status": ["sent", "sent", "cancelled", "failed", "sent", "uncertain"],
        "outcome": ["accepted", "rejected", None, None, "removed", None],
        "current": [False],
        "holds_place": [True, False],
        "batch_id": ["gone"],
    },
    "delivery_batches": {"status": ["sent", "uncertain"], "handed_over": [True]},
    "commandes": {"produit": ["ITE", "PAC"], "departements": [["48"]], "active": [True, False]},
    "outbox": {"state": ["sent", "cancelled", "failed"], "task_key": ["other"]},
    "cron_logs": {"state": ["success", "error"]},
    "visitor_sessions": {"current": [False]},
    "tracking": {"once": [False]},
}
_MODELS = 500
_WEEK = re.compile(r"\d{4}-W\d{2}")
_MINUTES_A_WEEK = 7 * 24 * 60
_numbers = count(1)


async def crowd(parts: Parts, but: Iterable[str], size: int = 300, first: int = 0) -> None:
    """Clone what each declared collection (`but` these) holds into `size` rows more, of both entities.

    Each is a minute older than the one before; `first` is how many were made before.
    """
    left_alone = set(but)
    for name, indexes in merged(tables.INDEXES).items():
        if name in left_alone:
            continue
        rows = parts.mongo.collection(name)
        models = [doc async for doc in rows.find({}).limit(_MODELS)]
        assert models, f"nothing in {name} to multiply"
        unique = {field for one in indexes if one.unique for field, _ in one.keys}
        await rows.insert_many([_clone(name, models[n % len(models)], n, unique) for n in range(first, first + size)])


def _clone(collection: str, model: Doc, n: int, unique: set[str]) -> Doc:
    doc = dict(model)
    if isinstance(doc["_id"], str):
        doc["_id"] = f"{doc['_id']}~{next(_numbers)}"
    else:
        del doc["_id"]
    for field in unique - _SHARED - {"id"}:
        if isinstance(doc.get(field), str):
            doc[field] = f"{doc[field]}~{next(_numbers)}"
    if "id" in doc:
        doc["id"] = new_id()
    if isinstance(doc.get("entity"), str):
        doc["entity"] = ("ZR7", "MDL")[n % 2]
    for field, value in doc.items():
        if isinstance(value, str) and _WEEK.fullmatch(value):
            doc[field] = shift_week(value, -(n // _MINUTES_A_WEEK))
        if isinstance(value, datetime) and value.year < 9999 and field != "expires_at":
            doc[field] = value - timedelta(minutes=n)
    return doc | {field: values[n % len(values)] for field, values in _CYCLES.get(collection, {}).items()}
