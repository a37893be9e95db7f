"""Queries of `users` and `sessions`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.accounts.models import Session, User
from backend.core import finding
from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope, TenantCollection

INDEXES = {
    "users": [
        index("id", unique=True),
        index("email", unique=True),
        index("role", "is_active"),
        index("entity", "-created_at", "-id"),
        index("entity", "keys", "-created_at", "-id"),
    ],
    "sessions": [
        index("id", unique=True),
        index("user_id"),
        index("expires_at", ttl_s=0),
    ],
}


class AccountsStore:
    def __init__(self, mongo: Mongo, everyone: Scope) -> None:
        self._users = TenantCollection(mongo.collection("users"))
        self._sessions = mongo.collection("sessions")
        self._guards = mongo.collection("user_guards")
        self._everyone = everyone

    # users

    async def by_email(self, email: str) -> User | None:
        doc = await self._users.one(self._everyone, {"email": email})
        return User(**doc) if doc else None

    async def user(self, scope: Scope, user_id: str, *, tx: Tx | None = None) -> User | None:
        doc = await self._users.one(scope, {"id": user_id}, tx=tx)
        return User(**doc) if doc else None

    async def any_user(self, user_id: str, *, tx: Tx | None = None) -> User | None:
        return await self.user(self._everyone, user_id, tx=tx)

    async def page(self, scope: Scope, page: Page, *, active_only: bool, search: str = "") -> Paged[User]:
        keys = finding.condition(finding.asked(search))
        query: Doc = ({"is_active": True} if active_only else {}) | ({"keys": keys} if keys else {})
        through = index("entity", *(["keys"] if keys else []), "-created_at", "-id")
        found = await self._users.page(scope, query, page, hint=through.keys)
        return Paged([User(**doc) for doc in found.rows], found.total, found.capped)

    async def insert(self, tx: Tx | None, user: User) -> None:
        await self._users.insert(tx, self._everyone, user.model_dump() | _keys(user))

    async def change(self, tx: Tx | None, user_id: str, fields: Mapping[str, Any]) -> None:
        await self._users.update(tx, self._everyone, {"id": user_id}, {"$set": dict(fields)})
        if "nom" in fields and (user := await self.any_user(user_id, tx=tx)):
            await self._users.update(tx, self._everyone, {"id": user_id}, {"$set": _keys(user)})

    async def another_super_admin(self, tx: Tx, user_id: str) -> bool:
        """Whether an active super administrator remains without `user_id`. Two such questions at once conflict."""
        await self._guards.update_one({"_id": "super_admins"}, {"$inc": {"n": 1}}, upsert=True, session=tx)
        query = {"role": "super_admin", "is_active": True, "id": {"$ne": user_id}}
        return await self._users.one(self._everyone, query, fields=["id"], tx=tx) is not None

    # sessions

    async def session(self, session_id: str) -> Session | None:
        doc = await self._sessions.find_one({"id": session_id}, {"_id": 0})
        return Session(**doc) if doc else None

    async def open(self, tx: Tx | None, session: Session) -> None:
        await self._sessions.insert_one(session.model_dump(), session=tx)

    async def rotate(self, session_id: str, presented: str, fields: Mapping[str, Any], now: datetime) -> bool:
        """Replace the refresh digest `presented`, if it is still the current one of a living session."""
        query = {"id": session_id, "refresh": presented, "expires_at": {"$gt": now}}
        return (await self._sessions.update_one(query, {"$set": dict(fields)})).matched_count == 1

    async def close(self, tx: Tx | None, session_id: str) -> bool:
        return (await self._sessions.delete_one({"id": session_id}, session=tx)).deleted_count == 1

    async def close_all(self, tx: Tx | None, user_id: str, *, but: str = "") -> None:
        await self._sessions.delete_many({"user_id": user_id, "id": {"$ne": but}}, session=tx)


def _keys(user: User) -> Doc:
    return {"keys": finding.person_keys(user.nom, user.email.partition("@")[0], user.email, "")}
