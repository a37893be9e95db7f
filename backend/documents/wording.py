"""The French of a document: titles, numbers, days, legal mentions. The PDF and the XML say the same words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from backend.core.money import cents
from backend.core.phone import display
from backend.documents.models import Document, Kind, Party

NBSP = "\u00a0"
TITLES: dict[Kind, str] = {
    "invoice": "Facture",
    "credit_note": "Avoir",
    "prepayment": "Facture d'acompte",
    "intercompany": "Facture",
}
LABELS: dict[Kind, str] = {
    "invoice": "Facture",
    "credit_note": "Avoir",
    "prepayment": "Acompte",
    "intercompany": "Facture interne",
}
SUBTITLES: dict[Kind, str] = {"intercompany": "Facturation entre sociétés du groupe"}


class Notes(NamedTuple):
    """The mentions that the law asks for, each under its own code in the XML."""

    late_penalties: str
    recovery: str
    discount: str
    legal: str
    vat: str


def grouped(amount: Decimal) -> str:
    """`1 234,56`, with no-break spaces."""
    return f"{cents(amount):,.2f}".replace(",", NBSP).replace(".", ",")


def euros(amount: Decimal) -> str:
    return f"{grouped(amount)}{NBSP}€"


def number(value: Decimal) -> str:
    """A quantity without needless zeros: `40`, `1 250`, `2,5`."""
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(",", NBSP).replace(".", ",")


def percent(rate: Decimal) -> str:
    return f"{number(rate)}{NBSP}%"


def day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def spaced(digits: str, *sizes: int) -> str:
    """Digits in groups: `732829320` by 3 is `732 829 320`. The last size repeats."""
    groups, rest, left = [], digits, list(sizes)
    while rest:
        size = left.pop(0) if len(left) > 1 else left[0]
        groups.append(rest[:size])
        rest = rest[size:]
    return NBSP.join(groups)


def phone(value: str) -> str:
    """`01 99 00 12 34`; a number that is not E.164 is printed as given."""
    return display(value) if value.startswith("+") else value


def identity(party: Party) -> str:
    """`SAS au capital de 10 000,00 €`, as far as it is known."""
    if party.capital is None:
        return party.legal_form
    return f"{party.legal_form or 'Société'} au capital de {euros(party.capital)}"


def registration(party: Party) -> list[str]:
    """SIREN, SIRET, RCS and TVA number, those that are known."""
    told = []
    if party.siret:
        told.append(f"SIRET {spaced(party.siret, 3, 3, 3, 5)}")
    elif party.siren:
        told.append(f"SIREN {spaced(party.siren, 3)}")
    if party.rcs:
        told.append(party.rcs if party.rcs.upper().startswith("RCS") else f"RCS {party.rcs}")
    if party.tva_number:
        told.append(f"N° TVA {party.tva_number}")
    return told


def legal_line(party: Party) -> str:
    """The company in one line, for the foot of each page."""
    return " – ".join(part for part in (party.name, identity(party), *registration(party)) if part)


def vat_sentence(document: Document) -> str:
    due = "acquittée sur les débits" if document.vat_on == "debits" else "exigible à l'encaissement"
    return f"TVA {due}."


def notes(document: Document) -> Notes:
    rate = document.late_penalties or "trois fois le taux d'intérêt légal"
    return Notes(
        late_penalties=f"Pénalités de retard : {_ended(rate)}",
        recovery=(
            "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : "
            f"{euros(document.recovery_indemnity)} (articles L. 441-10 et D. 441-5 du code de commerce)."
        ),
        discount=_ended(document.discount_terms or "Pas d'escompte pour paiement anticipé"),
        legal=_ended(legal_line(document.seller)),
        vat=vat_sentence(document),
    )


def small_print(document: Document) -> list[str]:
    """The mentions under the totals; an avoir is not paid late."""
    said = notes(document)
    kind = f"Catégorie d'opération : {_ended(document.operation_category)} {said.vat}"
    exempt = [_ended(document.vat_exemption)] if document.vat_exemption else []
    if document.kind == "credit_note":
        return [kind, *exempt]
    return [kind, *exempt, f"{said.late_penalties} {said.recovery}", said.discount]


def terms(document: Document) -> str:
    """What is to be paid, and when."""
    if document.kind == "credit_note":
        return document.payment_terms or "Montant à déduire de votre prochain règlement, ou remboursé sur demande."
    if document.balance_due == 0:
        return document.payment_terms or "Acquittée : rien ne reste dû."
    return document.payment_terms or f"Paiement par virement au plus tard le {day(document.due_date)}."


def subject(document: Document) -> str:
    """The document in a few words: the title of the PDF."""
    return f"{TITLES[document.kind]} {document.number}"


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
