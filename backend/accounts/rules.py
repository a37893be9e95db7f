"""Who may do what to whom among accounts, and how long a session lasts.

Values in; a French sentence out when refused, None when allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from backend.accounts.caller import Caller
from backend.accounts.models import NewUser, Session, User, UserChange
from backend.accounts.permissions import granted, preset
from backend.core.mongo import Doc

GRACE = timedelta(seconds=10)  # the previous refresh token still answers, for tabs that refresh together
LONGEST_SESSION = timedelta(days=30)  # however often it is refreshed, one signs in again after that
_SUPER_ADMIN_ONLY = "Seul un super administrateur peut agir sur un super administrateur."


def creation_refused(caller: Caller, body: NewUser) -> str | None:
    if caller.super_admin:
        return None
    if body.role == "super_admin":
        return _SUPER_ADMIN_ONLY
    return _beyond(caller, frozenset(), body.role, body.permissions)


def change_refused(caller: Caller, target: User, change: UserChange) -> str | None:
    if caller.super_admin:
        return None
    if "super_admin" in {target.role, change.role}:
        return _SUPER_ADMIN_ONLY
    held = granted(target.role, target.permissions)
    wanted = stored_permissions(target, change)
    return _beyond(caller, held, change.role or target.role, wanted)


def deactivation_refused(caller: Caller, target: User) -> str | None:
    """Nobody deactivates themselves: see `self_deactivation`, which is the caller's mistake, not a missing right."""
    return _SUPER_ADMIN_ONLY if target.role == "super_admin" and not caller.super_admin else None


def self_deactivation(caller: Caller, user_id: str) -> str | None:
    return "Vous ne pouvez pas désactiver votre propre compte." if caller.user_id == user_id else None


def _beyond(caller: Caller, held: frozenset[str], role: str, wanted: Mapping[str, bool] | None) -> str | None:
    """Nobody gives what they do not have; what the user already held may stay."""
    extra = sorted(granted(role, wanted) - held - caller.permissions)
    return f"Vous ne pouvez pas accorder ce que vous n'avez pas : {', '.join(extra)}." if extra else None


def stored_permissions(target: User, change: UserChange) -> dict[str, bool] | None:
    """The map after the change: the one given, the preset of a new role, else what was there."""
    if change.permissions is not None:
        return change.permissions
    if change.role is not None and change.role != target.role:
        return preset(change.role)
    return target.permissions


def changed_fields(target: User, change: UserChange) -> Doc:
    """What the change really changes, as the fields to store."""
    wanted: Doc = change.model_dump(exclude_none=True)
    wanted["permissions"] = stored_permissions(target, change)
    before = target.model_dump()
    return {field: value for field, value in wanted.items() if before[field] != value}


def told(before: User, fields: Doc) -> Doc:
    """Before and after, by field."""
    return {name: {"before": getattr(before, name), "after": value} for name, value in fields.items()}


def loses_super_admin(target: User, fields: Mapping[str, object]) -> bool:
    """The change takes an active super administrator away: another one must remain."""
    was = target.role == "super_admin" and target.is_active
    stays = fields.get("role", target.role) == "super_admin" and fields.get("is_active", True) is not False
    return was and not stays


def prolonged(session: Session, lifetime: timedelta, now: datetime) -> datetime:
    """The end of a session refreshed at `now`; never earlier than it was."""
    return max(session.expires_at, min(now + lifetime, session.created_at + LONGEST_SESSION))
