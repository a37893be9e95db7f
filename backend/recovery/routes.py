"""HTTP of passwords chosen through a link, and of invitations."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request

from backend.accounts.caller import Caller, requires
from backend.accounts.models import Done, NewUser, UserSaved
from backend.accounts.routes import shown
from backend.accounts.service import AccountsService
from backend.core.web import errors, part
from backend.recovery.models import Asked, ForgotBody, ResetBody
from backend.recovery.service import RecoveryService

router = APIRouter(prefix="/api/auth", tags=["Comptes"])
Service = Annotated[RecoveryService, part("recovery")]
Accounts = Annotated[AccountsService, part("accounts")]
Manager = Annotated[Caller, requires("users.manage")]


@router.post("/password/forgot", status_code=202, summary="Mot de passe oublié", responses=errors(429))
async def forgot(body: ForgotBody, service: Service, accounts: Accounts, request: Request) -> Asked:
    await service.forgot(body.email, accounts.origin(request))
    return Asked()


@router.post("/password/reset", summary="Choisir un mot de passe par un lien", responses=errors(429))
async def reset(body: ResetBody, service: Service, accounts: Accounts, request: Request) -> Done:
    await service.reset(body, accounts.origin(request))
    return Done()


@router.post(
    "/users", status_code=201, summary="Créer un utilisateur, ou l'inviter", response_model=UserSaved,
    response_model_exclude_none=True, responses=errors(400, 401, 403, 409),
)  # fmt: skip
async def create_user(body: NewUser, service: Service, caller: Manager) -> Any:
    """Sans mot de passe, la personne reçoit un lien pour choisir le sien (7 jours)."""
    return {"user": shown(await service.create(caller, body))}


@router.post("/users/{user_id}/invite", status_code=202, summary="Renvoyer une invitation",
             responses=errors(401, 403, 404, 409))  # fmt: skip
async def invite(user_id: str, service: Service, caller: Manager) -> Done:
    await service.invite_again(caller, user_id)
    return Done()
