"""How a client's own HTTP interface is called: what is stored, what travels. The secret is the client's `api_key`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from backend.channels.http_push import mapping
from backend.channels.http_push.models import AnswerRule, AnswerRules, Auth
from backend.core.text import AdminBody, FilledLine, Line
from backend.core.weeks import paris_day

Proof = Literal["email", "api"]
PerCall = Literal["lead", "batch"]
State = Literal["off", "active", "failing", "disabled"]
GIVES_UP_AFTER = 5
"""Paris days on which calls failed, none having passed meanwhile; the next failure stops the calls."""
_TOKEN = re.compile(r"[A-Za-z0-9-]{1,64}")
_OURS = {"host", "connection", "content-length", "content-type", "transfer-encoding", "accept-encoding", "cookie",
         "idempotency-key", "webhook-id", "webhook-timestamp", "webhook-signature"}  # fmt: skip


class Push(BaseModel):
    """A client's settings. `proof`: the channel that proves the delivery; none given: the e-mail when there is one."""

    enabled: bool = False
    auth: Auth = "none"
    username: str = ""
    header_name: str = ""
    mapping: dict[str, str] = Field(default_factory=dict)
    per_call: PerCall = "lead"
    idempotent: bool = False
    rules: AnswerRules = Field(default_factory=AnswerRules)
    proof: Proof | None = None
    failing_since: datetime | None = None
    """The first failure since a call last passed; saving the settings forgets it."""
    failing_days: list[str] = Field(default_factory=list)
    last_failure: str = ""
    disabled_at: datetime | None = None
    """When the calls stopped by themselves; until then `enabled` was true."""

    @property
    def condition(self) -> State:
        if self.disabled_at is not None:
            return "disabled"
        return "off" if not self.enabled else "failing" if self.failing_since else "active"

    def after_failure(self, why: str, now: datetime, *, gone: bool) -> Push:
        """With one more failed call. `gone`: the other side asks not to be called any more."""
        today = paris_day(now).isoformat()
        since, days = self.failing_since or now, self.failing_days
        if gone or (len(days) >= GIVES_UP_AFTER and today not in days):
            ended = {"enabled": False, "disabled_at": now, "failing_since": since, "last_failure": why}
            return self.model_copy(update=ended)
        if today in days:
            return self
        return self.model_copy(update={"failing_since": since, "failing_days": [*days, today], "last_failure": why})


def usable_template(value: dict[str, str]) -> dict[str, str]:
    if (refused := mapping.refusal(value)) is not None:
        raise ValueError(refused)
    return value


def header_given(value: str) -> str:
    if value and (not _TOKEN.fullmatch(value) or value.lower() in _OURS):
        raise ValueError("Nom d'en-tête refusé, par exemple X-Api-Key.")
    return value


def plain(value: str) -> str:
    """What fits in a header."""
    if not (value.isascii() and (value.isprintable() or not value)):
        raise ValueError("Lettres, chiffres et signes ASCII seulement.")
    return value


Secret = Annotated[Line, AfterValidator(plain)]
Template = Annotated[dict[str, Line], Field(max_length=40), AfterValidator(usable_template)]
Status = Annotated[int, Field(ge=200, le=599)]
Marker = Annotated[FilledLine, StringConstraints(max_length=100)]


class RuleBody(AdminBody):
    """Which answers: `statuses` (none given: any 2xx), `markers` (one of these texts in the body)."""

    statuses: list[Status] = Field(default_factory=list, max_length=20)
    markers: list[Marker] = Field(default_factory=list, max_length=20)

    def rule(self) -> AnswerRule:
        return AnswerRule(statuses=self.statuses, markers=self.markers)


class PushBody(AdminBody):
    """The whole of a client's settings. `secret`: null keeps the one that is there, empty erases it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "enabled": True,
                "url": "https://api.client.fr/leads",
                "auth": "bearer",
                "secret": "donné par le client",
                "mapping": {"lastname": "nom", "mobile": "telephone", "source": "=RDZ"},
                "per_call": "lead",
                "idempotent": True,
                "duplicate": {"statuses": [409]},
            }
        }
    )
    enabled: bool
    url: Line | None = None
    auth: Auth = "none"
    username: Secret = ""
    header_name: Annotated[Line, AfterValidator(header_given)] = ""
    secret: Secret | None = None
    mapping: Template = Field(default_factory=dict)
    per_call: PerCall = "lead"
    idempotent: bool = False
    accepted: RuleBody = Field(default_factory=RuleBody)
    duplicate: RuleBody = Field(default_factory=RuleBody)
    refused: RuleBody = Field(default_factory=RuleBody)
    proof: Proof | None = None

    def settings(self) -> Push:
        rules = AnswerRules(accepted=self.accepted.rule(), duplicate=self.duplicate.rule(), refused=self.refused.rule())
        kept = {"enabled", "auth", "username", "header_name", "mapping", "per_call", "idempotent", "proof"}
        return Push(**self.model_dump(include=kept), rules=rules)

    def missing(self, url: str, has_secret: bool) -> dict[str, str]:
        """What stands between these settings and a call, by field."""
        told = {}
        if self.enabled and not url:
            told["url"] = "Adresse https:// obligatoire pour envoyer."
        if self.auth != "none" and not has_secret:
            told["secret"] = "Obligatoire avec cette identification."  # noqa: S105
        if self.auth == "basic" and not self.username:
            told["username"] = "Obligatoire avec cette identification."
        if self.auth == "header" and not self.header_name:
            told["header_name"] = "Obligatoire avec cette identification."
        return told


class PushAnswer(Push):
    """The settings over HTTP. Never the secret. `state`: `disabled` when it stopped by itself, `last_failure` why."""

    state: State
    url: str
    has_secret: bool
    channel: str
    proof_used: Proof


class PushSaved(BaseModel):
    success: bool = True
    push: PushAnswer


class PushTested(BaseModel):
    """What became of a test call: `body` is what was sent, `answer` what came back."""

    success: bool
    outcome: Literal["accepted", "refused", "retry", "uncertain", "login_refused"]
    answer: str
    body: str


def channel(entity: str, client_id: str) -> str:
    """The outbox channel of one client: it is paused alone."""
    return f"http:{entity}:{client_id}"


INVENTED = {"id": "test", "nom": "TEST", "prenom": "Essai", "telephone": "0199000000", "phone": "+33199000000",
            "email": "essai@example.com", "departement": "75", "proprietaire": "oui", "type_logement": "maison",
            "produit": "PV"}  # fmt: skip
"""The lead of a test call: its number is in a range kept for fiction."""
