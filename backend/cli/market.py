"""The invented market of the demonstration: every name, address and number below is fiction."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from stdnum import luhn

PASSWORD = "demonstration-rdz"  # noqa: S105 (an account of the demonstration, refused in production)


def invented_siren(number: int) -> str:
    """A SIREN whose key holds and that belongs to nobody: none begins with three zeros."""
    digits = f"{number:08d}"
    return digits + str(luhn.calc_check_digit(digits))


def tva_of(siren: str) -> str:
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    nom: str
    role: str
    entity: str


@dataclass(frozen=True, slots=True)
class Order:
    produit: str
    departements: tuple[str, ...]
    quota: int
    priorite: int
    price: str
    """HT per lead; empty: none yet, so that a missing price is seen."""
    lb: Decimal = Decimal(0)
    discount: str | None = None
    """Of this price; None: the client's general discount."""
    units: int | None = None
    """Units paid in advance; None: invoiced each week."""
    renews: bool = True
    """Open every week, or only the one in which it is made."""


@dataclass(frozen=True, slots=True)
class Buyer:
    entity: str
    name: str
    email: str
    orders: tuple[Order, ...]
    also: tuple[str, ...] = ()
    auto: bool = True
    discount: str = "0"

    @property
    def identity(self) -> dict[str, str]:
        """Who an invoice is made out to: the same at each seeding, and nobody's."""
        siren = invented_siren(100 + sum(map(ord, self.name)))
        place = {"billing_address": "1 rue de la Démonstration", "billing_postcode": "99999"}
        return {"siren": siren, "tva_number": tva_of(siren), "billing_city": "Exempleville", **place}


@dataclass(frozen=True, slots=True)
class Supplier:
    entity: str
    name: str
    slug: str
    costs: dict[str, str]
    """What one lead costs HT, by produit; the others are unknown."""


@dataclass(frozen=True, slots=True)
class Market:
    people: tuple[Person, ...] = ()
    buyers: tuple[Buyer, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    forms: dict[str, tuple[str, str]] = field(default_factory=dict)
    legal: dict[str, dict[str, str]] = field(default_factory=dict)


def _company(entity: str, siren: str, phone: str, iban: str) -> dict[str, str]:
    """An invented company; the IBAN is one of those that documentation uses."""
    siret = f"{siren}0000"
    return {
        "company_name": f"{entity} Démonstration",
        "legal_form": "SAS",
        "capital": "10000.00",
        "siren": siren,
        "siret": siret + str(luhn.calc_check_digit(siret)),
        "rcs": "RCS Exempleville",
        "tva_number": tva_of(siren),
        "address": "2 place de la Démonstration",
        "postcode": "99999",
        "city": "Exempleville",
        "phone": phone,
        "billing_email": f"facturation@{entity.lower()}-demo.test",
        "iban": iban,
    }


_IDF = ("75", "77", "78", "91", "92", "93", "94", "95")
SUD = ("04", "05", "06", "11", "13", "30", "34", "66", "83", "84", "2A", "2B")
_OUEST = ("14", "22", "29", "35", "44", "49", "50", "53", "56", "61", "72", "85")
_NORD = ("02", "59", "60", "62", "80", "08", "51", "54", "55", "57", "67", "68", "88")
_RHONE = ("01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74")
_TOUT = ("*",)

DEMO = Market(
    people=(
        Person("direction@rdz-demo.test", "Claire Direction", "super_admin", "ZR7"),
        Person("admin.zr7@rdz-demo.test", "Karim Administration", "admin", "ZR7"),
        Person("ops.zr7@rdz-demo.test", "Inès Opérations", "ops", "ZR7"),
        Person("admin.mdl@rdz-demo.test", "Hélène Administration", "admin", "MDL"),
        Person("ops.mdl@rdz-demo.test", "Théo Opérations", "ops", "MDL"),
        Person("lecture.mdl@rdz-demo.test", "Maëlle Lecture", "viewer", "MDL"),
    ),
    buyers=(
        Buyer(
            "ZR7",
            "Soleil d’Oc",
            "livraison@soleil-oc.test",
            (
                Order("PV", SUD, 40, 1, "25.00"),
                Order("PAC", SUD, 15, 3, "32.00", discount="12.5"),
                Order("ITE", SUD, 10, 5, "22.00", discount="0"),
            ),
            discount="5",
        ),
        Buyer(
            "ZR7", "Toits de Paris Énergie", "leads@toits-paris.test", (Order("PV", _IDF, 30, 2, "27.50", units=120),)
        ),
        Buyer(
            "ZR7",
            "Armor Solaire",
            "achats@armor-solaire.test",
            (Order("PV", _OUEST, 25, 2, "24.90", Decimal("0.2")), Order("ITE", _OUEST, 10, 4, "21.00")),
            also=("copie@armor-solaire.test",),
        ),
        Buyer(
            "ZR7",
            "Chaleur Rhône",
            "leads@chaleur-rhone.test",
            (Order("PAC", _RHONE, 20, 2, "33.33"), Order("PV", _RHONE, 20, 3, "26.00", discount="7.5")),
        ),
        Buyer(
            "ZR7",
            "Nord Rénov",
            "contact@nord-renov.test",
            (Order("ITE", _NORD, 20, 1, "20.00"), Order("PV", _NORD, 15, 3, "23.00")),
            discount="10",
        ),
        Buyer("ZR7", "Habitat Plus France", "leads@habitat-plus.test", (Order("PV", _TOUT, 0, 9, "18.00"),)),
        Buyer(
            "ZR7", "Studio Isolation", "leads@studio-isolation.test", (Order("ITE", _IDF, 8, 2, "24.00"),), auto=False
        ),
        Buyer(
            "MDL",
            "Maison Chaude",
            "leads@maison-chaude.test",
            (Order("PAC", _TOUT, 30, 3, "30.00", Decimal("0.3")), Order("ITE", SUD, 10, 3, "20.50")),
            discount="3",
        ),
        Buyer("MDL", "Groupe Habitat Plus", "leads@habitat-plus.test", (Order("PAC", _IDF, 15, 1, "35.00"),)),
        Buyer(
            "MDL", "Pompes de l’Est", "achats@pompes-est.test", (Order("PAC", _NORD, 20, 2, "31.90", discount="4.25"),)
        ),
        Buyer(
            "MDL",
            "Iso Façade Ouest",
            "leads@iso-facade.test",
            (Order("ITE", _OUEST, 12, 2, "19.90"), Order("PV", _OUEST, 5, 5, "")),
        ),
        Buyer(
            "MDL",
            "Énergies du Littoral",
            "leads@energies-littoral.test",
            (
                Order("PV", ("17", "33", "40", "64", "971", "974"), 12, 2, "26.40"),
                Order("ITE", ("17", "33", "40", "64"), 6, 2, "21.60"),
            ),
        ),
    ),
    suppliers=(
        Supplier("ZR7", "Comparateur Vert", "comparateur-vert", {"PV": "9.50", "PAC": "11.00", "ITE": "10.00"}),
        Supplier("MDL", "Devis Travaux", "devis-travaux", {"PV": "12.00", "PAC": "13.50", "ITE": "12.00"}),
        Supplier("MDL", "Réseau Habitat", "reseau-habitat", {"PV": "10.00", "PAC": "12.50"}),
    ),
    forms={
        "LP-PV-01": ("ZR7", "PV"),
        "LP-ITE-01": ("ZR7", "ITE"),
        "LP-PAC-01": ("MDL", "PAC"),
        "LP-PAC-02": ("ZR7", "PAC"),
    },
    legal={
        "ZR7": _company("ZR7", invented_siren(3), "01 99 00 70 07", "FR7630006000011234567890189"),
        "MDL": _company("MDL", invented_siren(4), "02 61 91 04 04", "FR1420041010050500013M02606"),
    },
)
