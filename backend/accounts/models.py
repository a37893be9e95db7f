"""Shapes of accounts: what is stored, what travels."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from backend.accounts.passwords import fits
from backend.accounts.permissions import KEYS
from backend.core.text import AdminBody, Email, FilledLine, clean

Role = Literal["super_admin", "admin", "ops", "viewer"]


def _short_enough(password: str) -> str:
    if not fits(password):
        raise PydanticCustomError("rdz_password_size", "Mot de passe trop long.")
    return password


def _known_keys(given: dict[str, bool]) -> dict[str, bool]:
    unknown = sorted(set(given) - set(KEYS))
    if unknown:
        raise PydanticCustomError("rdz_permission", "Permission inconnue.")
    return given


Password = Annotated[str, StringConstraints(strict=True, max_length=1024), AfterValidator(_short_enough)]
Permissions = Annotated[dict[str, bool], AfterValidator(_known_keys)]
EntityCode = Annotated[FilledLine, StringConstraints(max_length=20, to_upper=True)]


class User(BaseModel):
    """A row of `users`. `permissions` is kept as found: only a value exactly true grants."""

    id: str
    email: str
    password: str
    nom: str
    entity: str
    role: str
    permissions: dict[str, Any] | None = None
    is_active: bool = True
    created_at: datetime
    created_by: str = ""
    updated_at: datetime | None = None
    deactivated_at: datetime | None = None


class Session(BaseModel):
    """A row of `sessions`. Refresh tokens are kept as digests; the previous one is accepted until `previous_until`."""

    id: str
    user_id: str
    refresh: str
    previous: str = ""
    previous_until: datetime
    created_at: datetime
    expires_at: datetime
    ip: str = ""
    user_agent: str = ""


class LoginBody(AdminBody):
    model_config = ConfigDict(
        json_schema_extra={"example": {"email": "admin@exemple.fr", "password": "un mot de passe long"}}
    )

    email: Annotated[str, StringConstraints(strict=True, max_length=254), AfterValidator(clean)]
    password: Password
    cookies_only: bool = False
    """The refresh token stays in its cookie: it is not told to the scripts of the page."""


class RefreshBody(AdminBody):
    """Empty when the token travels in its cookie."""

    refresh_token: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=256)] | None = None


class PasswordBody(AdminBody):
    current_password: Password
    new_password: Password


class NewUser(AdminBody):
    email: Email
    password: Password | None = None
    """Absent: the person chooses it, through the link of an invitation."""
    nom: FilledLine
    entity: EntityCode
    role: Role = "viewer"
    permissions: Permissions | None = None


class UserChange(AdminBody):
    """What is absent stays; a given map of permissions replaces the whole map."""

    nom: FilledLine | None = None
    entity: EntityCode | None = None
    role: Role | None = None
    permissions: Permissions | None = None
    is_active: bool | None = None


class UserShort(BaseModel):
    id: str
    email: str
    nom: str
    entity: str
    role: str
    permissions: dict[str, bool]


class UserAnswer(UserShort):
    is_active: bool
    created_at: datetime
    created_by: str
    updated_at: datetime | None = None
    deactivated_at: datetime | None = None


class TokensAnswer(BaseModel):
    """`refresh_token` is told only to who does not hold it in a cookie."""

    token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int
    csrf_token: str
    refresh_token: str | None = None


class LoginAnswer(TokensAnswer):
    user: UserShort


class Done(BaseModel):
    success: bool = True


class UserSaved(Done):
    user: UserAnswer


class UserPage(BaseModel):
    users: list[UserAnswer]
    count: int
    total: int
    total_capped: bool | None = None


class PermissionKeys(BaseModel):
    keys: list[str]
    presets: dict[str, dict[str, bool]]
    roles: list[str]


class ActivityLine(BaseModel):
    """One line of the account journal, read off `event_log`."""

    id: str
    user_id: str
    user_email: str
    user_nom: str
    action: str
    entity_type: str
    entity_id: str
    entity_name: str
    details: dict[str, Any]
    ip_address: str
    created_at: datetime


class ActivityLogs(BaseModel):
    logs: list[ActivityLine]
    count: int
    total: int
    total_capped: bool | None = None
    limit: int
    skip: int
