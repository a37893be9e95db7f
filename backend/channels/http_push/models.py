"""What the channel needs to know of a buyer's interface."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, Field

Auth = Literal["none", "bearer", "basic", "header", "hmac"]


class AnswerRule(BaseModel):
    """An answer matches when its status is one of `statuses` (empty: any 2xx) and its body holds one of `markers`."""

    statuses: list[int] = Field(default_factory=list)
    markers: list[str] = Field(default_factory=list)

    @property
    def given(self) -> bool:
        return bool(self.statuses or self.markers)


class AnswerRules(BaseModel):
    """Which answers mean what. An empty rule is not asked, but `accepted`: any 2xx."""

    accepted: AnswerRule = Field(default_factory=AnswerRule)
    duplicate: AnswerRule = Field(default_factory=AnswerRule)
    refused: AnswerRule = Field(default_factory=AnswerRule)


@dataclass(frozen=True, slots=True)
class Destination:
    """A buyer's interface as it is now. `idempotent`: a call repeated with the same key counts once over there."""

    url: str
    auth: Auth = "none"
    username: str = ""
    header_name: str = ""
    secret: str = field(default="", repr=False)
    idempotent: bool = False
    rules: AnswerRules = field(default_factory=AnswerRules)
