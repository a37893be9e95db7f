"""One printable document of money, as plain values: nothing of how it is stored. Amounts are euros, two places."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.core.text import FilledLine, Line, LongText

Kind = Literal["invoice", "credit_note", "prepayment", "intercompany"]
VatOn = Literal["debits", "encaissements"]
Amount = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
Quantity = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=4)]


class Printed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Party(Printed):
    """A company on the paper. `code` is our entity's (its colour and mark), empty for a client.

    `siren` and `tva_number` are checked where they are entered; here they are printed as given.
    """

    name: FilledLine
    code: Line = ""
    legal_form: Line = ""
    capital: Amount | None = None
    siren: Line = ""
    siret: Line = ""
    rcs: Line = ""
    tva_number: Line = ""
    address: tuple[Line, ...] = ()
    postcode: Line = ""
    city: Line = ""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "FR"
    email: Line = ""
    phone: Line = ""
    iban: Line = ""
    bic: Line = ""


class DocLine(Printed):
    """Units of one product at one price. Free units: `discount_pct` 100, net 0. `kind` is the ledger's word."""

    label: FilledLine
    product_code: Line = ""
    kind: Line = ""
    quantity: Quantity
    unit_price_ht: Amount
    discount_pct: Percent = Decimal(0)
    net_unit_price_ht: Amount
    total_ht: Amount
    vat_rate: Percent


class VatLine(Printed):
    """The TVA of every line at one rate."""

    rate: Percent
    base_ht: Amount
    vat: Amount


class Corrected(Printed):
    """The invoice that an avoir corrects."""

    number: FilledLine
    issue_date: date


class Document(Printed):
    """An invoice, an avoir (amounts positive, owed by the seller), an acompte or an intercompany invoice.

    Days are Paris days, both ends of the period included. `totals.contradictions` says whether it adds up.
    """

    number: FilledLine
    kind: Kind
    issue_date: date
    due_date: date
    period_start: date | None = None
    period_end: date | None = None
    seller: Party
    buyer: Party
    lines: Annotated[tuple[DocLine, ...], Field(min_length=1)]
    vat_breakdown: Annotated[tuple[VatLine, ...], Field(min_length=1)]
    total_ht: Amount
    total_vat: Amount
    total_ttc: Amount
    paid_already: Amount = Decimal(0)
    balance_due: Amount
    corrects: Corrected | None = None
    description: Line = ""
    order_reference: Line = ""
    contract_reference: Line = ""
    note: LongText = ""
    payment_terms: Line = ""
    late_penalties: Line = ""
    recovery_indemnity: Amount = Decimal("40.00")
    discount_terms: Line = "Pas d'escompte pour paiement anticipé."
    vat_on: VatOn = "debits"
    operation_category: Line = "Prestation de services"
    vat_exemption: Line = ""


class Sale(Printed):
    """One issued document as the accountant's exports list it; amounts positive, an avoir's too."""

    number: FilledLine
    kind: Kind
    issue_date: date
    due_date: date
    client_code: FilledLine
    client_name: FilledLine
    siren: Line = ""
    tva_number: Line = ""
    corrects: Line = ""
    vat_breakdown: Annotated[tuple[VatLine, ...], Field(min_length=1)]
    total_ht: Amount
    total_vat: Amount
    total_ttc: Amount
    paid: Amount = Decimal(0)
    status: Line = ""
    paid_on: date | None = None
