"""Invented prospects: names, numbers of the ranges reserved for fiction, every département, every kind of trouble."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from backend.commandes.departements import ALL
from backend.core.text import folded

_NOMS = (
    "Durand",
    "Petit",
    "Moreau",
    "Lefèvre",
    "Garnier",
    "Chevalier",
    "Besson",
    "Marchand",
    "Leroy",
    "Aubert",
    "Guérin",
    "Fabre",
    "Delmas",
    "Rivière",
    "Le Goff",
    "D'Hôtel",
    "Nguyen",
    "Benali",
    "Da Silva",
    "Çelik",
)
_PRENOMS = (
    "Alice",
    "Bruno",
    "Chloé",
    "David",
    "Élodie",
    "Farid",
    "Gaëlle",
    "Hugo",
    "Inès",
    "Jérôme",
    "Karine",
    "Loïc",
    "Maud",
    "Noël",
    "Océane",
    "Paul",
    "Rachid",
    "Sophie",
    "Théo",
    "Valérie",
)
_RANGES = ("0199 00", "0261 91", "0353 01", "0465 71", "0536 49")
_FORMS = {"LP-PV-01": "PV", "LP-ITE-01": "ITE", "LP-PAC-01": "PAC", "LP-PAC-02": "PAC"}
_SUSPICIOUS = "0536 49 99 99"


@dataclass(slots=True)
class Prospect:
    """One submission: the body, by whom, and whether it is sent a second time."""

    body: dict[str, Any]
    provider: str | None
    kind: str
    twice: bool = False


@dataclass(slots=True)
class Tally:
    """What the server answered: by status, and by error code."""

    sent: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    lead_ids: set[str] = field(default_factory=set)


class Crowd:
    """A repeatable crowd: the same seed gives the same people."""

    def __init__(self, suppliers: Sequence[str], seed: int) -> None:
        self._suppliers = suppliers
        self._rng = Random(seed)
        self._numbers = [f"{start} {n // 100:02d} {n % 100:02d}" for start in _RANGES for n in range(10_000)]
        self._rng.shuffle(self._numbers)

    def people(self, number: int, moment: str) -> Iterator[Prospect]:
        """`number` prospects; of a hundred, about 6 unusable, 5 sent twice, 10 without consent."""
        for index in range(number):
            one = self._from_provider() if self._rng.random() < 0.4 else self._from_page(index)
            if self._rng.random() >= 0.1:
                one.body["consent"] = _consent(one.body["prenom"], moment)
                one.body["rgpd_consent"] = True
            self._trouble(one)
            one.twice = self._rng.random() < 0.05
            yield one

    def stock(self, number: int, moment: str) -> Iterator[Prospect]:
        """Prospects whom nobody buys on the day: the LB of the demonstration."""
        for _ in range(number):
            body = self._person() | {
                "entity": "MDL",
                "produit": "PAC",
                "departement": self._rng.choice(("33", "40", "64")),
            }
            yield Prospect(body | {"consent": _consent(body["prenom"], moment)}, None, "stock")

    def _person(self) -> dict[str, Any]:
        nom, prenom = self._rng.choice(_NOMS), self._rng.choice(_PRENOMS)
        slug = f"{folded(prenom)}.{folded(nom)}".replace(" ", "-").replace("'", "")
        return {
            "nom": nom,
            "prenom": prenom,
            "email": f"{slug}@prospect.test",
            "phone": self._numbers.pop(),
            "departement": self._rng.choice(ALL),
            "statut_occupant": self._rng.choice(("propriétaire", "propriétaire", "propriétaire", "locataire", "")),
            "type_logement": self._rng.choice(("maison", "maison", "appartement", "")),
        }

    def _from_provider(self) -> Prospect:
        slug = self._rng.choice(self._suppliers)
        body = self._person() | {"produit": self._rng.choice(("PV", "PV", "PAC", "ITE"))}
        return Prospect(body, slug, "fournisseur")

    def _from_page(self, index: int) -> Prospect:
        form = self._rng.choice(sorted(_FORMS))
        page = {
            "form_code": form,
            "lp_code": form.removesuffix("-01").removesuffix("-02"),
            "session_id": f"demo-{index}",
        }
        return Prospect(self._person() | page, None, "page")

    def _trouble(self, one: Prospect) -> None:
        draw = self._rng.random()
        if draw < 0.02:
            one.body["phone"] = self._rng.choice(("06", "12 34", "0000000000", "à rappeler"))
        elif draw < 0.04:
            one.body["departement"] = self._rng.choice(("99", "", "Paris"))
        elif draw < 0.06:
            one.body["nom"] = ""
        elif draw < 0.075:
            one.body["phone"] = _SUSPICIOUS
        elif draw < 0.09 and one.provider is None:
            one.body["form_code"] = "LP-INCONNU"


def _consent(prenom: str, moment: str) -> dict[str, Any]:
    return {
        "given": True,
        "text": f"Moi, {prenom}, j'accepte d'être recontacté(e) au sujet de mon projet de rénovation énergétique.",
        "at": moment,
        "url": "https://projet.rdz-demo.test/formulaire",
        "boxes": [{"name": "contact", "checked": True}],
    }
