"""The lines of the account journal."""

from __future__ import annotations

from backend.accounts.caller import Caller
from backend.accounts.models import User
from backend.audit.models import Event
from backend.core.mongo import Doc

_ACTIONS: dict[object, str] = {False: "user_deactivated", True: "user_reactivated"}


def told(action: str, by: User | Caller, target: User, details: Doc) -> Event:
    """`by` did `action` to `target`; both find the line under their id."""
    who = by.user_id if isinstance(by, Caller) else by.id
    return Event(
        action=action, entity_type="user", entity_id=target.id, entity=target.entity, user=by.email,
        details={"name": target.nom, "user_nom": by.nom, **details}, related={"user_id": who},
    )  # fmt: skip


def creation(user: User, by: Caller | None) -> Event:
    """`user` was created, by a person or by the command line."""
    details = {"name": user.nom, "email": user.email, "role": user.role}
    if by is not None:
        return told("user_created", by, user, details)
    return Event(
        action="user_created", entity_type="user", entity_id=user.id, entity=user.entity, user=user.created_by,
        details=details,
    )  # fmt: skip


def of_change(fields: Doc) -> str:
    """The action that says what `fields` changed."""
    return _ACTIONS.get(fields.get("is_active"), "user_updated")
