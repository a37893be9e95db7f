"""Shapes of reminders: what is stored, what travels."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from backend.core.money import Money, decimal_given
from backend.core.text import AdminBody, FilledLine, Line, LongText
from backend.invoices.models import ReminderLevel
from backend.outbox.models import State

Amount = Annotated[Decimal, BeforeValidator(decimal_given)]


class Reminded(BaseModel):
    """An overdue invoice as a reminder tells it."""

    invoice_id: str
    invoice_number: str
    issue_date: str
    due_at: str
    days_overdue: int
    balance_due: Money


class Reminder(BaseModel):
    """One reminder. `state` is that of its message in the outbox; a `simulated` one never reached the client."""

    model_config = ConfigDict(extra="ignore")

    id: str
    entity: str
    client_id: str
    client_name: str
    level: ReminderLevel
    day: str
    to: str
    subject: str
    text: str
    invoices: list[Reminded]
    total_due: Money
    simulated: bool
    state: State
    sent_at: datetime | None = None
    error: str = ""
    created_at: datetime
    created_by: str


class ReminderList(BaseModel):
    reminders: list[Reminder]
    count: int
    total: int
    total_capped: bool = False


class Previous(BaseModel):
    """A reminder already asked for."""

    level: ReminderLevel
    at: datetime
    by: str


class ReminderDraft(BaseModel):
    """The message that would leave now. `message` may be rewritten; `tail` follows it as it is."""

    client_id: str
    client_name: str
    entity: str
    to: str = Field(description="Adresse de facturation du client ; vide s'il n'en a aucune")
    addresses: list[str] = Field(description="Les adresses du client, au choix")
    simulation: str | None = Field(description="Adresse qui reçoit tout tant que l'entité est en simulation")
    level: ReminderLevel
    suggested: ReminderLevel
    subject: str
    message: str
    tail: str
    invoices: list[Reminded]
    total_due: Money
    attached: int = Field(description="Combien de factures sont jointes, les plus anciennes d'abord")
    last: Previous | None
    today: Previous | None = Field(description="Relance de ce niveau déjà demandée aujourd'hui")


class ReminderBody(AdminBody):
    """What leaves, as it was read. `expected_total`: what was owed then; 409 when it has changed since."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "client_id": "8c1f…", "level": "courteous", "subject": "Rappel : facture ZR7-2026-000012 échue",
                "message": "Bonjour,\n\nSauf erreur de notre part…", "expected_total": "1234.56",
            }
        }
    )  # fmt: skip
    client_id: FilledLine
    invoice_id: Line = Field("", description="Une seule facture ; vide : toutes celles en retard")
    level: ReminderLevel
    to: Line = Field("", description="Une des adresses du client ; vide : celle de facturation")
    subject: FilledLine
    message: Annotated[LongText, StringConstraints(min_length=1, max_length=5000)]
    expected_total: Amount
    again: bool = Field(False, description="Confirme une seconde relance du même niveau le même jour")


class ReminderSaved(BaseModel):
    success: bool = True
    reminder: Reminder
