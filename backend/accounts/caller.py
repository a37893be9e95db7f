"""Who is calling: the typed dependency every protected route declares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Header, Request

from backend.core.errors import BadRequest, Forbidden
from backend.core.tenancy import Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated user, with the scope of this call (`X-Entity-Scope`, or `entity=` for some lists)."""

    user_id: str
    email: str
    nom: str
    role: str
    entity: str
    permissions: frozenset[str]
    scope: Scope
    session_id: str
    entities: tuple[str, ...]

    @property
    def super_admin(self) -> bool:
        return self.role == "super_admin"

    def can(self, permission: str) -> bool:
        return self.super_admin or permission in self.permissions

    def demand(self, permission: str) -> None:
        if not self.can(permission):
            raise Forbidden(f"Permission requise : {permission}.")

    def within(self, entity: str | None) -> Scope:
        """The scope of a list that also takes `entity=`: the parameter wins, checked against the user."""
        if entity is None:
            return self.scope
        if entity not in self.entities:
            raise BadRequest({"entity": f"Entité inconnue. Attendu : {', '.join(self.entities)}."})
        if self.super_admin:
            return Scope((entity,))
        return self.scope.narrowed(entity)

    def looking_at(self, entity: str | None) -> Caller:
        """The same caller, with the scope of `within`."""
        return replace(self, scope=self.within(entity))

    def write_entity(self, given: str | None) -> str:
        """The entity of something created: the caller's own; a super admin in BOTH must name it."""
        if not self.super_admin:
            if given is not None and given != self.entity:
                raise Forbidden(f"Votre périmètre est {self.entity} : l'entité {given} ne vous est pas ouverte.")
            return self.entity
        if not self.scope.both:
            return self.scope.entities[0]
        if given is None:
            raise BadRequest("Précisez l'entité.", code="entity_required")
        return self.within(given).entities[0]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from, as far as it can be trusted."""

    ip: str
    user_agent: str


def origin_of(request: Request, *, trust_proxy: bool) -> Origin:
    """Behind our own proxy (`TRUST_PROXY`) the address is the last of `X-Forwarded-For`: the one the proxy wrote."""
    ip = request.client.host if request.client else ""
    if trust_proxy:
        ip = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip() or ip
    return Origin(ip[:64], request.headers.get("user-agent", "")[:300])


def bearer(authorization: str) -> str:
    """The token of an `Authorization: Bearer` header; empty for any other kind."""
    kind, _, token = authorization.partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


class Requires:
    """`Annotated[Caller, Requires("leads.view")]`: authenticated, and holding the permission.

    Without a permission, any valid session will do. The architecture tests read `permission` off the routes.
    """

    def __init__(self, permission: str | None = None) -> None:
        self.permission = permission

    async def __call__(
        self,
        request: Request,
        authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
        x_entity_scope: Annotated[str | None, Header(description="ZR7, MDL ou BOTH")] = None,
    ) -> Caller:
        caller: Caller = await request.app.state.parts.accounts.authenticate(request, authorization, x_entity_scope)
        if self.permission is not None:
            caller.demand(self.permission)
        return caller


def requires(permission: str | None = None) -> Any:
    """`Annotated[Caller, requires("leads.view")]`."""
    return Depends(Requires(permission))
