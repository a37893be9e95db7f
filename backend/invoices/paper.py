"""An invoice as the document that is printed. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backend.core.weeks import week_monday
from backend.documents.models import Corrected, DocLine, Document, Party, VatLine
from backend.invoices.models import Invoice, InvoiceLine

DRAFT = "BROUILLON"


def document(invoice: Invoice, today: date) -> Document:
    """What is printed. A draft shows today's mentions and no number."""
    issued = date.fromisoformat(invoice.issue_date) if invoice.issue_date else today
    due = date.fromisoformat(invoice.due_at) if invoice.due_at else issued + timedelta(days=invoice.payment_terms_days)
    first = week_monday(invoice.week_key) if invoice.week_key else None
    return Document(
        number=invoice.invoice_number or DRAFT,
        kind=invoice.type,
        issue_date=issued,
        due_date=due,
        period_start=first,
        period_end=first + timedelta(days=6) if first else None,
        seller=Party.model_validate(invoice.seller),
        buyer=Party.model_validate(invoice.buyer),
        lines=tuple(_line(one) for one in invoice.line_items),
        vat_breakdown=tuple(VatLine(rate=one.rate, base_ht=one.base_ht, vat=one.vat) for one in invoice.vat_breakdown),
        total_ht=invoice.amount_ht,
        total_vat=invoice.vat_amount,
        total_ttc=invoice.amount_ttc,
        balance_due=invoice.amount_ttc,
        corrects=_corrected(invoice),
        description=invoice.description,
        payment_terms=_terms(invoice, (invoice.legal or {}).get("payment_terms", "")),
        **_mentions(invoice.legal or {}),
    )


def _line(one: InvoiceLine) -> DocLine:
    return DocLine(
        label=one.label,
        product_code=one.product_code,
        kind=one.kind,
        quantity=Decimal(one.quantity),
        unit_price_ht=one.unit_price_ht,
        discount_pct=one.discount_pct,
        net_unit_price_ht=one.net_unit_ht,
        total_ht=one.total_ht,
        vat_rate=one.vat_rate,
    )


def _corrected(invoice: Invoice) -> Corrected | None:
    if invoice.corrects is None:
        return None
    return Corrected(number=invoice.corrects.invoice_number, issue_date=date.fromisoformat(invoice.corrects.issue_date))


def _terms(invoice: Invoice, own: str) -> str:
    """The seller's own words, else the days the client has; nothing on an avoir, which says itself."""
    if invoice.type == "credit_note" or own:
        return own if invoice.type != "credit_note" else ""
    days = invoice.payment_terms_days
    return f"Paiement à {days} jours date de facture." if days else "Paiement à réception de la facture."


def _mentions(legal: dict[str, Any]) -> dict[str, Any]:
    """The seller's mentions, frozen at the issue, under the names the document gives them."""
    names = ("late_penalties", "recovery_indemnity", "discount_terms", "vat_on", "operation_category")
    return {name: legal[name] for name in names if legal.get(name) not in {None, ""}}
