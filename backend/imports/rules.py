"""A row of a file as the body of a creation, and what is wrong with it. Values in, values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from backend.clients.models import Client, ClientCreate
from backend.clients.rules import identity_refused
from backend.commandes.models import NewCommande
from backend.core.french import by_field
from backend.core.text import folded
from backend.imports.fields import FIELDS, BadCell
from backend.imports.models import CellError, Kind
from backend.pricing.models import PriceBody

MODELS: dict[Kind, type[BaseModel]] = {"clients": ClientCreate, "commandes": NewCommande, "prices": PriceBody}


@dataclass
class Known:
    """What the base and the lines before hold. `names` -> ids; `taken`: what is made once, and on which line."""

    emails: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    orders: set[tuple[str, str]] = field(default_factory=set)
    taken: dict[str, int] = field(default_factory=dict)


@dataclass
class Draft:
    """One line: the body it makes, what it is called, what is refused by field, whether the base has it already."""

    line: int
    values: dict[str, Any]
    label: str = ""
    refused: dict[str, str] = field(default_factory=dict)
    existing: bool = False


def drafted(kind: Kind, line: int, cells: Mapping[str, str], mapping: Mapping[str, str], now: datetime) -> Draft:
    """Read each cell; an empty one leaves the default."""
    draft = Draft(line, {})
    for one in FIELDS[kind]:
        text = cells.get(mapping.get(one.key, ""), "")
        if not text:
            if one.required and one.key in mapping:
                draft.refused[one.key] = "Champ obligatoire."
            continue
        try:
            draft.values[one.key] = one.read(text)
        except BadCell as exc:
            draft.refused[one.key] = str(exc)
    if not draft.refused and not missing(kind, mapping):
        draft.refused = _body_refused(kind, draft.values, now)
    return draft


def _body_refused(kind: Kind, values: Mapping[str, Any], now: datetime) -> dict[str, str]:
    try:
        body = MODELS[kind].model_validate(_body(kind, values))
    except ValidationError as exc:
        found = by_field([dict(error) for error in exc.errors()])
        return {_OWN.get(name, name): told for name, told in _by_first(found).items()}
    if isinstance(body, ClientCreate):
        given = body.model_dump(exclude={"entity", "api_key", "default_prix_lead", "remise_percent"})
        return identity_refused(Client(id="-", entity="-", created_at=now, updated_at=now, **given))
    return {}


_OWN = {"client_id": "client", "product_code": "produit"}
"""Fields of a body that another name fills in a file."""


def _by_first(found: Mapping[str, str]) -> dict[str, str]:
    told: dict[str, str] = {}
    for path, sentence in found.items():
        told.setdefault(path.split(".")[0], sentence)
    return told


def _body(kind: Kind, values: Mapping[str, Any], client_id: str = "-") -> dict[str, Any]:
    """The values under the names of the body."""
    if kind == "clients":
        return dict(values)
    rest = {key: one for key, one in values.items() if key not in {"client", "produit"}}
    name = "produit" if kind == "commandes" else "product_code"
    about = {"client_id": client_id} if kind == "commandes" else {}
    return {**rest, **about, **({name: values["produit"]} if "produit" in values else {})}


def settled(kind: Kind, draft: Draft, known: Known) -> dict[str, Any]:
    """The body to write, once the line was set against the base and the lines before; `draft` is told what is wrong."""
    draft.label = str(draft.values.get("name") or draft.values.get("client", ""))
    if kind == "clients":
        email = str(draft.values.get("email", "")).lower()
        draft.existing = email in known.emails
        _once(draft, known, "email", f"email:{email}")
        return dict(draft.values)
    draft.label = f"{draft.label}, {draft.values.get('produit', '')}"
    client_id = _client(draft, known)
    if not client_id:
        return {}
    produit = str(draft.values.get("produit", ""))
    if kind == "commandes":
        draft.existing = (client_id, produit) in known.orders
    day = draft.values.get("valid_from", "") if kind == "prices" else ""
    _once(draft, known, "client", f"{client_id}:{produit}:{day}")
    body = _body(kind, draft.values, client_id)
    return body if kind == "commandes" else {**body, "client": client_id}


def _client(draft: Draft, known: Known) -> str:
    text = str(draft.values.get("client", ""))
    if not text:
        return ""
    found = [known.emails[text.lower()]] if text.lower() in known.emails else known.names.get(folded(text), [])
    if len(found) == 1:
        return found[0]
    many = "Plusieurs clients portent ce nom : donnez l'adresse e-mail."
    draft.refused.setdefault("client", many if found else "Aucun client de cette entité n'a cette adresse ni ce nom.")
    return ""


def _once(draft: Draft, known: Known, key: str, name: str) -> None:
    """The same thing twice in a file is a mistake."""
    if name in known.taken:
        draft.refused.setdefault(key, f"Déjà donné ligne {known.taken[name]}.")
    known.taken.setdefault(name, draft.line)


def errors(kind: Kind, draft: Draft, mapping: Mapping[str, str], cells: Mapping[str, str]) -> list[CellError]:
    labels = {one.key: one.label for one in FIELDS[kind]}
    return [
        CellError(
            row=draft.line,
            column=mapping.get(key, labels.get(key, key)),
            value=cells.get(mapping.get(key, ""), "")[:100],
            message=told,
        )
        for key, told in draft.refused.items()
    ]


def missing(kind: Kind, mapping: Mapping[str, str]) -> list[CellError]:
    """The columns that must be there."""
    gone = [one.label for one in FIELDS[kind] if one.required and one.key not in mapping]
    return [CellError(row=1, column=label, value="", message="Choisissez la colonne de ce champ.") for label in gone]


def asked(kind: Kind, given: Mapping[str, str], columns: Sequence[str]) -> tuple[dict[str, str], str]:
    """The mapping a person chose, and what is wrong with it."""
    chosen = {key: column for key, column in given.items() if column}
    fields = {one.key for one in FIELDS[kind]}
    wrong = sorted(set(chosen) - fields) or sorted(set(chosen.values()) - set(columns))
    if wrong:
        return {}, f"Champ ou colonne inconnus : {wrong[0][:60]}."
    if len(set(chosen.values())) != len(chosen):
        return {}, "Une colonne ne peut remplir qu'un champ."
    return chosen, ""
