"""Shapes of the links by which a password is chosen."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from backend.accounts.models import Password
from backend.core.text import AdminBody, Email, FilledLine

Kind = Literal["forgot", "invite"]


class Link(BaseModel):
    """A link given and not used yet. The base keeps no token: the one in the e-mail is signed from the id."""

    id: str
    user_id: str
    kind: Kind
    created_at: datetime
    expires_at: datetime


class ForgotBody(AdminBody):
    model_config = ConfigDict(json_schema_extra={"example": {"email": "ops@exemple.fr"}})

    email: Email


class ResetBody(AdminBody):
    token: FilledLine
    new_password: Password


class Asked(BaseModel):
    """The same for a known address and for an unknown one."""

    success: bool = True
    message: str = "Si un compte porte cette adresse, un e-mail vient de partir. Son lien est valable 30 minutes."
