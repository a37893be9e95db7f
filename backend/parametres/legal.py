"""What an entity prints on its documents of money, and what is missing for it to issue them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from backend.core.companies import tva_is_of


@dataclass(frozen=True, slots=True)
class Legal:
    """The legal identity of an entity. Empty text: not given yet. Amounts are euros, rates percents."""

    company_name: str = ""
    legal_form: str = ""
    capital: Decimal | None = None
    siren: str = ""
    siret: str = ""
    rcs: str = ""
    tva_number: str = ""
    address: str = ""
    address_extra: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    billing_email: str = ""
    iban: str = ""
    bic: str = ""
    late_penalty_rate: str = "taux directeur de la BCE majoré de 10 points"
    recovery_indemnity: Decimal = Decimal("40.00")
    discount_terms: str = "Pas d'escompte pour paiement anticipé."
    vat_on: Literal["debits", "encaissements"] = "debits"
    operation_category: str = "Prestation de services"
    internal_tva_rate: Decimal = Decimal("20.00")
    payment_terms_days: int = 30
    payment_terms: str = ""


_NEEDED: Mapping[str, str] = {
    "company_name": "raison sociale",
    "legal_form": "forme juridique",
    "siren": "SIREN",
    "rcs": "ville du RCS",
    "tva_number": "numéro de TVA",
    "address": "adresse",
    "postcode": "code postal",
    "city": "ville",
    "iban": "IBAN",
}


def legal_of(values: Mapping[str, Any]) -> Legal:
    """The identity kept in the settings; fields of another time are left out."""
    return Legal(**{name: value for name, value in values.items() if name in Legal.__dataclass_fields__})


def missing_to_issue(legal: Legal) -> list[str]:
    """What an invoice of this entity would lack, in French; empty when it may issue.

    The capital is asked of companies that have one: not checked, since an entreprise individuelle has none.
    """
    return [name for field, name in _NEEDED.items() if not getattr(legal, field)]


def contradictions(legal: Legal) -> dict[str, str]:
    """Field -> French sentence for numbers that are not those of one company."""
    told = {}
    if not tva_is_of(legal.tva_number, legal.siren):
        told["tva_number"] = "Ce numéro de TVA n'est pas celui du SIREN."
    if legal.siret and legal.siren and not legal.siret.startswith(legal.siren):
        told["siret"] = "Ce SIRET n'est pas celui du SIREN."
    return told
