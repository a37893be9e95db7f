"""Documents of money to print: invented companies whose numbers hold (Luhn, key of the TVA number, IBAN)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from backend.documents.models import Corrected, DocLine, Document, Party
from backend.documents.totals import priced, totals_of

SELLER = Party(
    name="ZR7 Exemple",
    code="ZR7",
    legal_form="SAS",
    capital=Decimal("10000.00"),
    siren="000000034",
    siret="00000003400009",
    rcs="RCS Exempleville",
    tva_number="FR17000000034",
    address=("1 rue de l'Exemple",),
    postcode="00000",
    city="Exempleville",
    email="facturation@zr7.test",
    phone="+33199001234",
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
)
SISTER = SELLER.model_copy(
    update={
        "name": "MDL Exemple",
        "code": "MDL",
        "siren": "000000042",
        "siret": "00000004200002",
        "tva_number": "FR41000000042",
        "email": "facturation@mdl.test",
    }
)
BUYER = Party(
    name="Soleil d'Oc Exemple",
    siren="000000059",
    tva_number="FR92000000059",
    address=("12 avenue des Fictions", "Bâtiment B"),
    postcode="00000",
    city="Exempleville",
    email="compta@soleil-oc.test",
)
LONG_NAME = "Société Méridionale d'Énergies Renouvelables et d'Isolation Ex"[:60]
TVA = Decimal("20")


def pv(quantity: int, price: str = "22.50", discount: str = "0", *, kind: str = "lead") -> DocLine:
    label = {"lead": "Leads photovoltaïque (PV)", "free": "Leads photovoltaïque (PV) – unités offertes"}[kind]
    return priced(label, quantity, Decimal(price), TVA, discount_pct=Decimal(discount), product_code="PV", kind=kind)


def forty() -> tuple[DocLine, ...]:
    return tuple(
        priced(
            f"Leads {produit} – commande {place:02d}, départements 04 05 06 11 13 30 34 66 83 84",
            place + 1,
            Decimal("18.00") + place,
            TVA if place % 5 else Decimal("8.5"),
            discount_pct=Decimal(place % 3) * Decimal("2.5"),
            product_code=produit,
        )
        for place, produit in enumerate(["PV", "PAC", "ITE", "PV"] * 10)
    )


def paper(*lines: DocLine, **changes: Any) -> Document:
    """An invoice of one week; `changes` wins."""
    lines = lines or (pv(12, discount="10"), priced("Leads pompe à chaleur (PAC)", 5, Decimal("31.00"), TVA))
    breakdown, ht, vat, ttc = totals_of(lines)
    paid = changes.get("paid_already", Decimal(0))
    values: dict[str, Any] = {
        "number": "ZR7-2026-000042",
        "kind": "invoice",
        "issue_date": date(2026, 10, 26),
        "due_date": date(2026, 11, 25),
        "period_start": date(2026, 10, 19),
        "period_end": date(2026, 10, 25),
        "seller": SELLER,
        "buyer": BUYER,
        "lines": lines,
        "vat_breakdown": breakdown,
        "total_ht": ht,
        "total_vat": vat,
        "total_ttc": ttc,
        "balance_due": ttc - paid,
        "description": "Leads livrés pendant la semaine 43, du 19 au 25 octobre 2026",
        "payment_terms": "Paiement par virement à 30 jours.",
        "late_penalties": "taux directeur de la BCE majoré de 10 points",
    }
    return Document.model_validate({**values, **changes})


def papers() -> dict[str, Document]:
    """Every case that must hold on paper."""
    cross = {
        "seller": SELLER,
        "buyer": SISTER,
        "description": "Leads cédés pendant la semaine 43, du 19 au 25 octobre 2026",
    }
    return {
        "facture": paper(),
        "nom de 60 caractères": paper(buyer=BUYER.model_copy(update={"name": LONG_NAME})),
        "40 lignes": paper(*forty(), note="Deux taux de TVA : métropole et outre-mer."),
        "unités offertes": paper(pv(12), pv(3, discount="100", kind="free")),
        "avoir": paper(
            pv(2),
            kind="credit_note",
            number="ZR7-AV-2026-000003",
            corrects=Corrected(number="ZR7-2026-000031", issue_date=date(2026, 10, 12)),
            description="Deux leads refusés : faux numéro",
            payment_terms="",
        ),
        "acompte": paper(
            priced("Achat de 100 unités prépayées PV", 100, Decimal("21.00"), TVA, product_code="PV"),
            kind="prepayment",
            number="ZR7-2026-000043",
            period_start=None,
            period_end=None,
            paid_already=Decimal("2520.00"),
            payment_terms="",
        ),
        "interco": paper(priced("Leads PAC cédés", 7, Decimal("14.00"), TVA), kind="intercompany", **cross),
        "à l'encaissement": paper(pv(1), vat_on="encaissements", order_reference="BC-2026-118"),
        "exonérée": paper(
            priced("Leads PV", 3, Decimal("20"), Decimal(0)),
            vat_exemption="TVA non applicable, article 294 du CGI",
        ),
    }
