"""The words of a reminder, its level, and whether it may still leave. Pure.

Late payment between professionals: penalties are due from the day after the due day, without any reminder, with an
indemnity of 40 € for each invoice (articles L. 441-10 and D. 441-5 du code de commerce).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from backend.documents.wording import day, euros, spaced
from backend.invoices import rules as invoices
from backend.invoices.models import Invoice, ReminderLevel
from backend.parametres.legal import Legal
from backend.reminders.models import Reminded, Reminder

LEVELS: tuple[ReminderLevel, ...] = ("courteous", "firm", "last")
MOST_FILES = 20
"""More documents than this would make a message that servers refuse; the text says which are joined."""
_GRACE_DAYS = 8
_SUBJECTS: Mapping[ReminderLevel, str] = {
    "courteous": "Rappel",
    "firm": "Relance",
    "last": "Dernier rappel avant mise en demeure",
}


@dataclass(frozen=True, slots=True)
class Penalties:
    """What the invoices say of late payment: their rates, and what their indemnities come to."""

    rates: tuple[str, ...]
    indemnity: Decimal
    total: Decimal


def suggested(invoice_levels: Sequence[ReminderLevel | None]) -> ReminderLevel:
    """The level after the highest one these invoices were reminded at; the last one repeats."""
    reached = [LEVELS.index(one) for one in invoice_levels if one is not None]
    return LEVELS[min(max(reached) + 1, len(LEVELS) - 1)] if reached else LEVELS[0]


def reminded(invoice: Invoice, today: date) -> Reminded:
    return Reminded(
        invoice_id=invoice.id,
        invoice_number=str(invoice.invoice_number),
        issue_date=str(invoice.issue_date),
        due_at=str(invoice.due_at),
        days_overdue=invoices.days_overdue(invoice, today),
        balance_due=invoice.balance,
    )


def owed(rows: Sequence[Reminded]) -> Decimal:
    return sum((one.balance_due for one in rows), Decimal())


def settled(reminder: Reminder, now: Mapping[str, Invoice], today: date) -> str:
    """Why a reminder put in line may not leave any more, in French; empty when it says what is still owed."""
    for one in reminder.invoices:
        invoice = now.get(one.invoice_id)
        if invoice is None or not invoices.overdue(invoice, today):
            return f"La facture {one.invoice_number} n'est plus en retard : la relance n'est pas partie."
        if invoice.balance != one.balance_due:
            return f"Le reste dû de la facture {one.invoice_number} a changé : la relance n'est pas partie."
    return ""


def penalties(rows: Sequence[Invoice], legal: Legal) -> Penalties:
    """What each invoice printed when it was issued; the settings of today for one that printed nothing."""
    said = [one.legal or {} for one in rows]
    rates = [_rate(one, legal) for one in said]
    amounts = [one.get("recovery_indemnity", legal.recovery_indemnity) for one in said]
    return Penalties(tuple(dict.fromkeys(rates)), max(amounts), sum(amounts, Decimal()))


def _rate(mentions: Mapping[str, Any], legal: Legal) -> str:
    given = mentions.get("late_penalties") or legal.late_penalty_rate or "trois fois le taux d'intérêt légal"
    return str(given).rstrip(".")


def subject(level: ReminderLevel, rows: Sequence[Reminded], brand: str) -> str:
    what = f"facture {rows[0].invoice_number} échue" if len(rows) == 1 else f"{len(rows)} factures échues"
    return f"{_SUBJECTS[level]} : {what} - {brand}"


def message(level: ReminderLevel, rows: Sequence[Reminded], last: date | None) -> str:
    """The part that a person may rewrite. `last`: the day of the reminder before, if any."""
    one = len(rows) == 1
    since = f" du {day(last)}" if last else ""
    if level == "courteous":
        what = "le règlement de la facture ci-dessous" if one else "le règlement des factures ci-dessous"
        return (
            f"Bonjour,\n\nSauf erreur de notre part, {what} ne nous est pas parvenu. Il s'agit sans doute d'un oubli : "
            "merci d'y remédier dès que possible.\n\n"
            "Si votre règlement vient de partir, ne tenez pas compte de ce message."
        )
    remains = "la facture ci-dessous reste impayée" if one else "les factures ci-dessous restent impayées"
    opening = f"Malgré notre message{since}, {remains}." if last else f"À ce jour, {remains}."
    ask = f"Nous vous demandons de régler {euros(owed(rows))} TTC sous {_GRACE_DAYS} jours."
    if level == "firm":
        return (
            f"Bonjour,\n\n{opening} {ask}\n\n"
            "Si une difficulté explique ce retard, répondez à ce message pour que nous cherchions une solution."
        )
    return (
        f"Bonjour,\n\n{opening} {ask}\n\n"
        "À défaut, nous vous adresserons une mise en demeure par lettre recommandée avec avis de réception, puis nous "
        "engagerons le recouvrement de cette somme, pénalités de retard et indemnités comprises, sans autre rappel."
    )


def tail(level: ReminderLevel, rows: Sequence[Reminded], due: Penalties, legal: Legal, brand: str) -> str:
    """What follows the message and is not rewritten: the invoices, how to pay, the law, who writes."""
    parts = [_listed(rows), _files(rows), _bank(legal), _law(level, len(rows), due), f"Cordialement,\n{brand}\n"]
    return "\n\n".join(part for part in parts if part)


def _listed(rows: Sequence[Reminded]) -> str:
    lines = [
        f"- {one.invoice_number} du {_day(one.issue_date)}, échue le {_day(one.due_at)} "
        f"({_days(one.days_overdue)} de retard) : reste dû {euros(one.balance_due)} TTC"
        for one in rows
    ]
    total = [f"Total restant dû : {euros(owed(rows))} TTC"] if len(rows) > 1 else []
    return "\n".join(["Facture en retard :" if len(rows) == 1 else "Factures en retard :", *lines, *total])


def _files(rows: Sequence[Reminded]) -> str:
    if len(rows) == 1:
        return "La facture est jointe à ce message."
    if len(rows) <= MOST_FILES:
        return "Les factures sont jointes à ce message."
    return f"Les {MOST_FILES} factures les plus anciennes sont jointes à ce message ; demandez-nous les autres."


def _bank(legal: Legal) -> str:
    if not legal.iban:
        return ""
    bic = f", BIC {legal.bic}" if legal.bic else ""
    return f"Règlement par virement : IBAN {spaced(legal.iban, 4)}{bic}, avec le numéro de la facture en référence."


def _law(level: ReminderLevel, count: int, due: Penalties) -> str:
    """Nothing in a first, courteous reminder: the invoice already says it."""
    if level == "courteous":
        return ""
    rate = due.rates[0] if len(due.rates) == 1 else "taux indiqué sur chaque facture"
    law = (
        "Tout retard de paiement entraîne de plein droit, dès le lendemain de l'échéance et sans rappel, des pénalités "
        f"de retard ({rate}) et une indemnité forfaitaire pour frais de recouvrement de {euros(due.indemnity)} par "
        "facture (articles L. 441-10 et D. 441-5 du code de commerce)"
    )
    so_far = f", soit {euros(due.total)} d'indemnité à ce jour" if count == 1 else (
        f", soit {euros(due.total)} d'indemnités à ce jour pour {count} factures"
    )  # fmt: skip
    return f"{law}{so_far if level == 'last' else ''}."


def _day(text: str) -> str:
    return day(date.fromisoformat(text))


def _days(count: int) -> str:
    return "1 jour" if count == 1 else f"{count} jours"
