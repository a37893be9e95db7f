"""Queries of `views`: each belongs to one person, and nobody else's query reaches it."""

from __future__ import annotations

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo
from backend.core.paging import Page, Paged
from backend.views.models import View

INDEXES = {"views": [index("id", unique=True), index("user_id", "list_name", "name", unique=True)]}
_BY_NAME = [("user_id", 1), ("list_name", 1), ("name", 1)]


class ViewsStore:
    def __init__(self, mongo: Mongo) -> None:
        self._rows = mongo.collection("views")

    async def page(self, user_id: str, name: str | None, page: Page) -> Paged[View]:
        query: Doc = {"user_id": user_id} | ({"list_name": name} if name else {})
        cursor = self._rows.find(query, {"_id": 0, "user_id": 0}).sort(_BY_NAME).skip(page.skip).limit(page.limit)
        total = await self._rows.count_documents(query)
        return Paged([View(**doc) async for doc in cursor], total, False)

    async def insert(self, user_id: str, view: View) -> None:
        """DuplicateKeyError when the person has a view of that list under that name."""
        await self._rows.insert_one({**view.model_dump(), "user_id": user_id})

    async def rename(self, user_id: str, view_id: str, name: str) -> View | None:
        query = {"id": view_id, "user_id": user_id}
        if not (await self._rows.update_one(query, {"$set": {"name": name}})).matched_count:
            return None
        doc = await self._rows.find_one(query, {"_id": 0, "user_id": 0})
        return View(**doc) if doc else None

    async def delete(self, user_id: str, view_id: str) -> bool:
        return (await self._rows.delete_one({"id": view_id, "user_id": user_id})).deleted_count == 1
