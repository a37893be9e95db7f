"""Reading and changing one's own preferences."""

from __future__ import annotations

from backend.core.errors import Conflict
from backend.preferences.models import Preferences, PreferencesChange
from backend.preferences.store import PreferencesStore


class PreferencesService:
    def __init__(self, store: PreferencesStore) -> None:
        self._store = store

    async def of(self, user_id: str) -> Preferences:
        return await self._store.of(user_id)

    async def change(self, user_id: str, body: PreferencesChange) -> Preferences:
        """The preferences as they are after. Two tabs that change different things both keep theirs."""
        fields = body.model_dump(exclude_none=True, exclude={"columns"})
        fields |= {f"columns.{name}": hidden for name, hidden in (body.columns or {}).items()}
        if not fields:
            return await self._store.of(user_id)
        after = await self._store.change(user_id, fields)
        if after is None:
            raise Conflict("Trop de listes ont des colonnes choisies.")
        return after
