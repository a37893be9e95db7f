"""The fields of each kind of import: their titles, and how a cell is read. Values in, values out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.core.text import folded
from backend.imports.models import Kind


class BadCell(ValueError):
    """Why a cell is refused, in French."""


Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """`into`: the field of the body it fills; `also`: other titles it is known by; `read` may raise `BadCell`."""

    key: str
    label: str
    read: Read = str
    required: bool = False
    help: str = ""
    also: tuple[str, ...] = field(default=())
    sample: str = ""


def whole(text: str) -> int:
    compact = re.sub(r"[\s\u00a0\u202f]", "", text)
    if not re.fullmatch(r"\d{1,9}", compact):
        raise BadCell("Un nombre entier est attendu.")
    return int(compact)


def quota(text: str) -> int:
    return 0 if folded(text) in {"illimite", "illimitee"} else whole(text)


def amount(text: str) -> str:
    compact = re.sub(r"[\s\u00a0\u202f€%]", "", text).replace(",", ".")
    try:
        if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", compact):
            raise InvalidOperation
        return str(Decimal(compact))
    except InvalidOperation:
        raise BadCell("Un nombre est attendu, par exemple 25,50.") from None


def share(text: str) -> str:
    """Per cent, as a share of one."""
    return str(Decimal(amount(text)) / 100)


def yes_or_no(text: str) -> bool:
    word = folded(text)
    if word in {"oui", "o", "vrai", "1"}:
        return True
    if word in {"non", "n", "faux", "0"}:
        return False
    raise BadCell("Oui ou non est attendu.")


def several(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"[,;|\n]", text) if one.strip()]


def areas(text: str) -> list[str]:
    if folded(text) in {"*", "toute la france", "france"}:
        return ["*"]
    return [one.upper().zfill(2) for one in re.split(r"[\s,;|/]+", text) if one]


def day(text: str) -> str:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    raise BadCell("Une date JJ/MM/AAAA est attendue.")


def one_of(words: Mapping[str, str]) -> Read:
    """A cell among these words (folded)."""

    def read(text: str) -> str:
        known = {folded(word): value for word, value in words.items()}
        if folded(text) not in known:
            raise BadCell(f"Attendu : {', '.join(words)}.")
        return known[folded(text)]

    return read


_PRODUIT = Field(
    "produit", "Produit", one_of({"PV": "PV", "PAC": "PAC", "ITE": "ITE"}), required=True, help="PV, PAC ou ITE",
    sample="PV",
)  # fmt: skip
_CLIENT = Field("client", "Client", required=True, help="Son adresse e-mail, ou son nom exact",
                also=("nom du client", "e-mail du client"), sample="leads@solaire.fr")  # fmt: skip
CLIENTS = (
    Field("name", "Nom", required=True, also=("client", "raison sociale", "societe"), sample="Solaire du Midi"),
    Field("email", "E-mail", required=True, help="Sert à reconnaître un client déjà là",
          also=("mail", "adresse e-mail", "courriel"), sample="leads@solaire.fr"),
    Field("contact_name", "Interlocuteur", also=("contact",)),
    Field("phone", "Téléphone", also=("tel",)),
    Field("delivery_emails", "Adresses d'envoi", several, help="Séparées par une virgule", also=("e-mails d'envoi",)),
    Field("delivery_mode", "Envoi", one_of({"Chaque jour": "daily", "Au fil de l'eau": "instant"}),
          help="Chaque jour, ou Au fil de l'eau", sample="Chaque jour"),
    Field("auto_send_enabled", "Envoi automatique", yes_or_no, help="Oui ou non", sample="Oui"),
    Field("return_window_days", "Période de retour (jours)", whole, help="Vide : celle de l'entité"),
    Field("vat_rate", "TVA (%)", amount, sample="20"),
    Field("payment_terms_days", "Délai de paiement (jours)", whole, sample="30"),
    Field("siren", "SIREN"),
    Field("tva_number", "N° de TVA", also=("tva intracommunautaire",)),
    Field("billing_address", "Adresse de facturation", also=("adresse",)),
    Field("billing_postcode", "Code postal", also=("cp",)),
    Field("billing_city", "Ville"),
    Field("billing_email", "E-mail de facturation"),
    Field("notes", "Remarques", also=("notes",)),
)  # fmt: skip
COMMANDES = (
    _CLIENT,
    _PRODUIT,
    Field("departements", "Départements", areas, required=True, help="13, 83, 84 ; ou Toute la France",
          also=("departement",), sample="13, 83, 84"),
    Field("quota_semaine", "Quota par semaine", quota, help="Leads par semaine ; Illimité sans fin", also=("quota",),
          sample="50"),
    Field("priorite", "Priorité", whole, help="1 est servie en premier, 10 en dernier", sample="5"),
    Field("lb_target_pct", "Part de LB (%)", share, also=("part de lb", "lb", "part de lb visee"), sample="20"),
    Field("auto_renew", "Reconduite", yes_or_no, help="Oui ou non", sample="Oui"),
    Field("notes", "Remarques", also=("notes",)),
)  # fmt: skip
PRICES = (
    _CLIENT,
    _PRODUIT,
    Field("unit_price_eur", "Prix HT", amount, required=True, help="Euros par lead",
          also=("prix", "prix unitaire", "prix unitaire ht"), sample="25,50"),
    Field("discount_pct", "Remise (%)", amount, help="Vide : la remise du client", also=("remise",)),
    Field("billing_mode", "Facturation", one_of({"Hebdomadaire": "WEEKLY_INVOICE", "Prépayé": "PREPAID"}),
          help="Hebdomadaire ou Prépayé", sample="Hebdomadaire"),
    Field("valid_from", "À partir du", day, help="JJ/MM/AAAA ; vide : aujourd'hui", also=("date", "debut")),
)  # fmt: skip
FIELDS: dict[Kind, tuple[Field, ...]] = {"clients": CLIENTS, "commandes": COMMANDES, "prices": PRICES}


def guessed(kind: Kind, columns: Sequence[str]) -> dict[str, str]:
    """Field -> the column that bears its title, or another that it is known by."""
    by_title = {folded(one): one for one in reversed(columns)}
    found: dict[str, str] = {}
    for one in FIELDS[kind]:
        titles = (one.label, *one.also)
        title = next((by_title[folded(each)] for each in titles if folded(each) in by_title), None)
        if title is not None and title not in found.values():
            found[one.key] = title
    return found
