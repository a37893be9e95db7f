"""Named people for the tests, signed in without the cost of a password.

    headers_of_an_admin = await headers(parts, "admin", "ZR7")
    answer = await http.get("/api/clients", headers=headers_of_an_admin)

The same (role, entity) is the same user within a test: `owner` is the super administrator, `admin_zr7`, `ops_zr7`,
`viewer_zr7` work for ZR7, `admin_mdl` is the stranger from the other company.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.accounts.caller import Origin
from backend.accounts.models import User
from backend.accounts.passwords import _CONTEXT
from backend.accounts.permissions import preset
from backend.bootstrap import Parts
from backend.core.ids import new_id

PASSWORD = "cheval-agrafe-correct"
_HASHED = str(_CONTEXT.hash(PASSWORD))  # once per run


async def person(
    parts: Parts,
    role: str = "admin",
    entity: str = "ZR7",
    *,
    email: str | None = None,
    **fields: Any,
) -> User:
    """The user `<role>.<entity>@exemple.fr` (or `email`), whose password is PASSWORD; made on first use.

    `fields` override what is stored, for instance `permissions={}` or `is_active=False` (give an `email` of its own).
    """
    address = email or f"{role}.{entity}@exemple.fr".lower()
    users = parts.mongo.collection("users")
    found = await users.find_one({"email": address}, {"_id": 0})
    if found:
        return User(**found)
    now: datetime = parts.clock.now()
    doc = User(
        id=new_id(), email=address, password=_HASHED, nom=f"{role} {entity}", entity=entity, role=role,
        permissions=preset(role), created_at=now, created_by="tests",
    ).model_dump()  # fmt: skip
    await users.insert_one(doc | fields)
    return User(**(doc | fields))


async def headers_of(parts: Parts, user: User, scope: str | None = None) -> dict[str, str]:
    """Bearer headers of a new session of `user`; `scope` is the `X-Entity-Scope` of a super administrator."""
    signed = await parts.accounts.open_session(user, Origin("127.0.0.1", "tests"))
    bearer = {"Authorization": f"Bearer {signed.access}"}
    return bearer if scope is None else bearer | {"X-Entity-Scope": scope}


async def headers(
    parts: Parts, role: str = "admin", entity: str = "ZR7", scope: str | None = None
) -> dict[str, str]:  # fmt: skip
    """Bearer headers of the usual person of that role and entity."""
    return await headers_of(parts, await person(parts, role, entity), scope)
