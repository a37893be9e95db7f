"""What may be allowed, and what each role is given at first. A user's own map is the authority afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ROLES = ("super_admin", "admin", "ops", "viewer")

_EVERYONE = (
    "dashboard.view",
    "leads.view",
    "clients.view",
    "commandes.view",
    "deliveries.view",
    "departements.view",
)
_FROM_OPS = (
    "leads.edit_status",
    "leads.add_note",
    "leads.reroute",
    "clients.crm",
    "commandes.edit_quota",
    "commandes.edit_lb_target",
    "commandes.activate_pause",
    "deliveries.resend",
    "deliveries.outcome",
    "intercompany.view",
    "outbox.view",
    "outbox.manage",
    "system.view",
    "exports.create",
    "views.share",
)
_FROM_ADMIN = (
    "leads.delete",
    "clients.create",
    "clients.edit",
    "clients.delete",
    "commandes.create",
    "commandes.delete",
    "billing.view",
    "billing.manage",
    "billing.close",
    "intercompany.manage",
    "activity.view",
    "settings.access",
    "settings.manage",
    "providers.access",
    "system.manage",
)
_SUPER_ADMIN_ONLY = ("users.manage", "monitoring.lb.view")

KEYS: tuple[str, ...] = tuple(sorted((*_EVERYONE, *_FROM_OPS, *_FROM_ADMIN, *_SUPER_ADMIN_ONLY)))

_GIVEN: dict[str, frozenset[str]] = {
    "super_admin": frozenset(KEYS),
    "admin": frozenset((*_EVERYONE, *_FROM_OPS, *_FROM_ADMIN)),
    "ops": frozenset((*_EVERYONE, *_FROM_OPS)),
    "viewer": frozenset(_EVERYONE),
}


def preset(role: str) -> dict[str, bool]:
    """The whole map of a role; an unknown role is a viewer."""
    given = _GIVEN.get(role, _GIVEN["viewer"])
    return {key: key in given for key in KEYS}


def granted(role: str, stored: Mapping[str, Any] | None) -> frozenset[str]:
    """What a user may do: everything for a super admin, else the keys whose stored value is exactly true.

    A user who never had a map gets the preset of the role; an empty map grants nothing.
    """
    if role == "super_admin":
        return frozenset(KEYS)
    known = preset(role) if stored is None else stored
    return frozenset(key for key in KEYS if known.get(key) is True)
