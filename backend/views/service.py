"""Saving, naming and forgetting views."""

from __future__ import annotations

from pymongo.errors import DuplicateKeyError

from backend.core.clock import Clock
from backend.core.errors import Conflict, NotFound
from backend.core.ids import new_id
from backend.core.paging import Page, Paged
from backend.views.models import View, ViewBody
from backend.views.store import ViewsStore

MOST = 50
_UNKNOWN = "Vue introuvable."
_TAKEN = "Vous avez déjà une vue de ce nom sur cette liste."


class ViewsService:
    def __init__(self, store: ViewsStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def page(self, user_id: str, name: str | None, page: Page) -> Paged[View]:
        """One's own views by name, of one list or of all."""
        return await self._store.page(user_id, name, page)

    async def create(self, user_id: str, body: ViewBody) -> View:
        """409 when the name is taken, or the list has 50 views already."""
        if (await self._store.page(user_id, body.list_name, Page(1, 0))).total >= MOST:
            raise Conflict(f"Une liste garde {MOST} vues au plus : supprimez-en une.")
        view = View(id=new_id(), created_at=self._clock.now(), **body.model_dump())
        try:
            await self._store.insert(user_id, view)
        except DuplicateKeyError:
            raise Conflict(_TAKEN, code="duplicate") from None
        return view

    async def rename(self, user_id: str, view_id: str, name: str) -> View:
        try:
            view = await self._store.rename(user_id, view_id, name)
        except DuplicateKeyError:
            raise Conflict(_TAKEN, code="duplicate") from None
        if view is None:
            raise NotFound(_UNKNOWN)
        return view

    async def delete(self, user_id: str, view_id: str) -> None:
        if not await self._store.delete(user_id, view_id):
            raise NotFound(_UNKNOWN)
