"""The one document of the tour, in `system_config`: there on the demonstration base, nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from backend.core.indexes import Index
from backend.core.mongo import Mongo
from backend.tour.models import Tour, TourLead

INDEXES: dict[str, Sequence[Index]] = {}
_DOC = "tour"


class TourStore:
    def __init__(self, mongo: Mongo) -> None:
        self._config = mongo.collection("system_config")

    async def planted(self) -> bool:
        return await self._config.find_one({"_id": _DOC}, {"_id": 1}) is not None

    async def current(self) -> Tour | None:
        doc = await self._config.find_one({"_id": _DOC})
        return Tour.model_validate(doc) if doc else None

    async def plant(self, tour: Tour) -> None:
        await self._config.replace_one({"_id": _DOC}, tour.model_dump(), upsert=True)

    async def take(self, one: TourLead, user_id: str) -> bool:
        """Keep the lead for a visitor; False when another was first."""
        free = {"$elemMatch": {"number": one.number, "taken_by": ""}}
        change = {"$set": {"leads.$.taken_by": user_id}}
        return (await self._config.update_one({"_id": _DOC, "leads": free}, change)).matched_count == 1
