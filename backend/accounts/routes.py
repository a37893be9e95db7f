"""HTTP of accounts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from backend.accounts.caller import Caller, requires
from backend.accounts.cookies import Cookie
from backend.accounts.models import (
    ActivityLine,
    ActivityLogs,
    Done,
    LoginAnswer,
    LoginBody,
    PasswordBody,
    PermissionKeys,
    RefreshBody,
    TokensAnswer,
    User,
    UserAnswer,
    UserChange,
    UserPage,
    UserSaved,
)
from backend.accounts.permissions import KEYS, ROLES, granted, preset
from backend.accounts.service import AccountsService
from backend.accounts.tokens import Signed
from backend.audit.models import EventFilters, EventRow
from backend.audit.service import AuditService
from backend.core.errors import Unauthenticated
from backend.core.paging import Page, paged
from backend.core.text import Line
from backend.core.web import errors, part

router = APIRouter(prefix="/api/auth", tags=["Comptes"])
Accounts = Annotated[AccountsService, part("accounts")]
Anyone = Annotated[Caller, requires()]
Manager = Annotated[Caller, requires("users.manage")]


@router.post(
    "/login", summary="Se connecter", response_model=LoginAnswer, response_model_exclude_none=True,
    responses=errors(401, 403, 429),
)  # fmt: skip
async def login(body: LoginBody, accounts: Accounts, request: Request, response: Response) -> Any:
    user, signed = await accounts.login(body.email, body.password, accounts.origin(request))
    _set(response, accounts.jar.filled(signed.access, signed.refresh, signed.csrf))
    told = {} if body.cookies_only else {"refresh_token": signed.refresh}
    return {**_tokens(signed), **told, "user": shown(user)}


@router.post(
    "/refresh", summary="Prolonger sa session", response_model=TokensAnswer, response_model_exclude_none=True,
    responses=errors(401, 403),
)  # fmt: skip
async def refresh(
    accounts: Accounts, request: Request, response: Response, body: RefreshBody | None = None
) -> Any:  # fmt: skip
    given = body.refresh_token if body else None
    token = given or request.cookies.get(accounts.jar.refresh)
    if not token:
        raise Unauthenticated("Jeton de prolongation absent. Connectez-vous.")
    csrf = None if given else request.headers.get("x-csrf-token", "")
    signed = await accounts.refresh(token, accounts.origin(request), csrf)
    if given:
        return {**_tokens(signed), "refresh_token": signed.refresh}
    _set(response, accounts.jar.filled(signed.access, signed.refresh, signed.csrf))
    return _tokens(signed)


@router.post("/logout", summary="Se déconnecter", responses=errors(401, 403))
async def logout(accounts: Accounts, caller: Anyone, request: Request, response: Response) -> Done:
    await accounts.logout(caller, accounts.origin(request))
    _set(response, accounts.jar.emptied())
    return Done()


@router.get(
    "/me", summary="Lire son compte", response_model=UserAnswer, response_model_exclude_none=True,
    responses=errors(401, 403),
)  # fmt: skip
async def me(accounts: Accounts, caller: Anyone) -> Any:
    return shown(await accounts.me(caller))


@router.post("/password", summary="Changer son mot de passe", responses=errors(401, 403, 429))
async def change_password(body: PasswordBody, accounts: Accounts, caller: Anyone, request: Request) -> Done:
    await accounts.change_password(caller, body, accounts.origin(request))
    return Done()


@router.get(
    "/users", summary="Lister les utilisateurs", response_model=UserPage, response_model_exclude_none=True,
    responses=errors(400, 401, 403),
)  # fmt: skip
async def list_users(
    accounts: Accounts,
    caller: Manager,
    page: Annotated[Page, paged(200)],
    entity: Annotated[str | None, Query(max_length=20)] = None,
    active_only: bool = False,
    search: Annotated[Line, Query(description="Nom ou adresse e-mail")] = "",
) -> Any:
    found = await accounts.page(caller.within(entity), page, active_only=active_only, search=search)
    return found.answer("users", [shown(user) for user in found.rows])


@router.put(
    "/users/{user_id}", summary="Modifier un utilisateur", response_model=UserSaved, response_model_exclude_none=True,
    responses=errors(400, 401, 403, 404, 409),
)  # fmt: skip
async def update_user(user_id: str, body: UserChange, accounts: Accounts, caller: Manager) -> Any:
    return {"user": shown(await accounts.change(caller, user_id, body))}


@router.delete(
    "/users/{user_id}", summary="Désactiver un utilisateur", responses=errors(400, 401, 403, 404, 409)
)  # fmt: skip
async def delete_user(user_id: str, accounts: Accounts, caller: Manager) -> Done:
    await accounts.deactivate(caller, user_id)
    return Done()


@router.get("/permission-keys", summary="Lister les permissions et les rôles", responses=errors(401, 403))
async def permission_keys(caller: Manager) -> PermissionKeys:
    return PermissionKeys(keys=list(KEYS), presets={role: preset(role) for role in ROLES}, roles=list(ROLES))


@router.get(
    "/activity-logs", summary="Journal des comptes", response_model=ActivityLogs, response_model_exclude_none=True,
    responses=errors(400, 401, 403),
)  # fmt: skip
async def activity_logs(
    audit: Annotated[AuditService, part("audit")],
    caller: Annotated[Caller, requires("activity.view")],
    page: Annotated[Page, paged(100)],
    user_id: Annotated[str | None, Query(max_length=64, description="Par cette personne, ou sur son compte")] = None,
    entity_type: Literal["user"] = "user",
    action: Annotated[str | None, Query(max_length=64)] = None,
    entity: Annotated[str | None, Query(max_length=20)] = None,
) -> Any:
    wanted = EventFilters(action=action, entity_type=entity_type, entity_id=user_id)
    found = await audit.page(caller.within(entity), wanted, page)
    return {**found.answer("logs", [_line(row) for row in found.rows]), "limit": page.limit, "skip": page.skip}


def shown(user: User) -> UserAnswer:
    """A user as people see it: never the password; a super administrator may do everything."""
    allowed = granted(user.role, user.permissions)
    stored = user.permissions if user.permissions is not None else preset(user.role)
    keys = KEYS if user.role == "super_admin" else stored
    fields = user.model_dump(include=set(UserAnswer.model_fields) - {"permissions"})
    return UserAnswer(**fields, permissions={key: key in allowed for key in keys})


def _tokens(signed: Signed) -> dict[str, Any]:
    return {"token": signed.access, "expires_in": signed.expires_in, "csrf_token": signed.csrf}


def _line(row: EventRow) -> ActivityLine:
    return ActivityLine(
        **row.model_dump(include={"id", "action", "entity_type", "entity_id", "details", "created_at"}),
        user_id=row.related.get("user_id", ""),
        user_email=row.user,
        user_nom=str(row.details.get("user_nom", "")),
        entity_name=str(row.details.get("name", "")),
        ip_address=str(row.details.get("ip", "")),
    )


def _set(response: Response, cookies: tuple[Cookie, ...]) -> None:
    for one in cookies:
        response.set_cookie(
            one.name, one.value, max_age=one.age_s, path=one.path, domain=one.domain, secure=one.secure,
            httponly=one.http_only, samesite="lax",
        )  # fmt: skip
