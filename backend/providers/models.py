"""Shapes of providers (lead suppliers)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from backend.core.text import AdminBody, FilledLine, LongText, clean, email_syntax
from backend.providers import keys


class ProviderShown(BaseModel):
    """What people see of a provider."""

    id: str
    name: str
    slug: str
    entity: str
    contact_email: str = ""
    notes: str = ""
    active: bool = True
    test_mode: bool = False
    api_key_prefix: str
    key_rotated_at: datetime
    created_at: datetime
    updated_at: datetime


class Provider(ProviderShown):
    """A lead supplier of one entity, as stored: its key is known by its digest only."""

    api_key_sha256: str
    deleted_at: datetime | None = None


class ProviderView(ProviderShown):
    total_leads: int


class ProviderWithKey(ProviderView):
    api_key: str = Field(description="Montrée une seule fois : seule son empreinte est gardée")


def _email_or_nothing(value: str) -> str:
    return email_syntax(value) if value else ""


Slug = Annotated[str, Field(max_length=100), AfterValidator(keys.slug)]
ContactEmail = Annotated[
    str, StringConstraints(strict=True, max_length=254), AfterValidator(clean), AfterValidator(_email_or_nothing)
]


class NewProvider(AdminBody):
    """Body of a creation."""

    name: FilledLine
    slug: Slug
    entity: FilledLine | None = None
    contact_email: ContactEmail = ""
    notes: LongText = ""
    test_mode: bool = False

    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "Leads du Sud", "slug": "leads-du-sud", "entity": "ZR7"}}
    )


class ProviderChange(AdminBody):
    """Body of a change: only the fields given are written. The slug, the entity and the key don't change here."""

    name: FilledLine | None = None
    contact_email: ContactEmail | None = None
    notes: LongText | None = None
    active: bool | None = None
    test_mode: bool | None = None

    model_config = ConfigDict(json_schema_extra={"example": {"active": False}})

    def given(self) -> dict[str, Any]:
        """The fields to write; a null changes nothing."""
        return self.model_dump(exclude_unset=True, exclude_none=True)


class ProviderList(BaseModel):
    providers: list[ProviderView]
    count: int
    total: int
    total_capped: bool = False


class OneProvider(BaseModel):
    provider: ProviderView


class SavedProvider(BaseModel):
    success: bool = True
    provider: ProviderView


class CreatedProvider(BaseModel):
    success: bool = True
    provider: ProviderWithKey


class RotatedKey(BaseModel):
    success: bool = True
    api_key: str


class DeletedProvider(BaseModel):
    success: bool = True
    deleted_id: str
