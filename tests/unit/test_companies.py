"""The numbers of companies and accounts: checksums, notation, and what an identity lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from backend.cli.market import DEMO, invented_siren, tva_of
from backend.clients.models import Client
from backend.clients.rules import missing_to_invoice
from backend.core.companies import Bic, Iban, Postcode, Siren, Siret, TvaNumber, tva_is_of
from backend.parametres.legal import Legal, contradictions, legal_of, missing_to_issue

NOW = datetime(2026, 3, 11, 9, tzinfo=UTC)
WHOLE = Legal(**{**DEMO.legal["ZR7"], "capital": Decimal("10000.00")})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (Siren, "000 000 034", "000000034"),
        (Siren, "", ""),
        (Siret, "000 000 034 00009", "00000003400009"),
        (TvaNumber, "fr 17 000000034", "FR17000000034"),
        (TvaNumber, "17000000034", "FR17000000034"),
        (Iban, "fr76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        (Bic, "agrifrpp", "AGRIFRPP"),
        (Postcode, "01000", "01000"),
    ],
)
def test_a_number_is_kept_compact(kind: Any, given: str, kept: str) -> None:
    assert TypeAdapter(kind).validate_python(given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Siren, "000000035"),
        (Siren, "00000003"),
        (Siren, "12345678A"),
        (Siret, "00000003400008"),
        (TvaNumber, "FR18000000034"),
        (TvaNumber, "DE136695976"),
        (Iban, "FR7630006000011234567890188"),
        (Iban, "12345"),
        (Bic, "AGRIFRP"),
        (Postcode, "7501A"),
    ],
)
def test_a_number_that_cannot_be_is_refused(kind: Any, given: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(given)


@given(st.text(max_size=30))
@settings(deadline=None)
def test_any_text_is_kept_or_refused(text: str) -> None:
    for kind in (Siren, Siret, TvaNumber, Iban, Bic, Postcode):
        try:
            kept: str = TypeAdapter(kind).validate_python(text)
        except ValidationError:
            continue
        assert TypeAdapter(kind).validate_python(kept) == kept


@given(st.integers(0, 99_999_999))
@settings(deadline=None)
def test_a_tva_number_is_that_of_its_siren(number: int) -> None:
    siren = invented_siren(number)
    assert TypeAdapter(Siren).validate_python(siren) == siren
    assert TypeAdapter(TvaNumber).validate_python(tva_of(siren)) == tva_of(siren)
    assert tva_is_of(tva_of(siren), siren) and not tva_is_of(tva_of(siren), invented_siren(number + 1))


@pytest.mark.parametrize("field", ["company_name", "legal_form", "siren", "rcs", "tva_number", "address", "iban"])
def test_an_entity_that_lacks_something_is_told_what(field: str) -> None:
    assert missing_to_issue(WHOLE) == []
    assert len(missing_to_issue(replace(WHOLE, **{field: ""}))) == 1  # type: ignore[arg-type]


def test_numbers_of_two_companies_contradict() -> None:
    assert contradictions(WHOLE) == {} == contradictions(Legal())
    assert set(contradictions(replace(WHOLE, siren="000000042"))) == {"tva_number", "siret"}
    assert legal_of({"siren": "000000034", "gone": 1}).siren == "000000034"


def test_a_client_that_lacks_something_is_told_what() -> None:
    client = Client(id="c", entity="ZR7", name="Soleil", email="a@b.fr", created_at=NOW, updated_at=NOW)
    assert missing_to_invoice(client) == [
        "SIREN",
        "adresse de facturation",
        "code postal de facturation",
        "ville de facturation",
    ]
    assert missing_to_invoice(client.model_copy(update=DEMO.buyers[0].identity)) == []
