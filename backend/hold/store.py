"""The one document that stops every channel. It lives in the base: every process obeys it, restarts included."""

from __future__ import annotations

from collections.abc import Sequence

from backend.core.indexes import Index
from backend.core.mongo import Mongo, Tx
from backend.hold.models import Held

INDEXES: dict[str, Sequence[Index]] = {}
_DOC = "hold"


class HoldStore:
    def __init__(self, mongo: Mongo) -> None:
        self._config = mongo.collection("system_config")

    async def current(self, *, tx: Tx | None = None) -> Held | None:
        doc = await self._config.find_one({"_id": _DOC}, session=tx)
        return Held.model_validate(doc) if doc else None

    async def put(self, tx: Tx, held: Held) -> None:
        await self._config.replace_one({"_id": _DOC}, held.model_dump(), upsert=True, session=tx)

    async def remove(self, tx: Tx) -> None:
        await self._config.delete_one({"_id": _DOC}, session=tx)
