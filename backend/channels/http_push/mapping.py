"""The body of a call: which of the lead's fields go under which names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

FIELDS = (
    "id",
    "nom",
    "prenom",
    "telephone",
    "phone",
    "email",
    "departement",
    "proprietaire",
    "type_logement",
    "produit",
    "entity",
    "date",
)
"""What a lead offers: `telephone` as in the CSV (0698765432), `phone` in E.164, `id` that of the delivery."""
DEFAULT = {name: name for name in FIELDS if name not in {"phone", "entity"}}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}(\.[A-Za-z_][A-Za-z0-9_-]{0,63}){0,3}")

Template = Mapping[str, str]
"""JSON name (dots nest) -> a field of the lead, or `=` and a text that is always the same."""


def refusal(template: Template) -> str | None:
    """Why a template cannot be used, in French; None when it can."""
    for name, source in template.items():
        if not _NAME.fullmatch(name):
            return f"Nom de champ refusé : {name[:60]!r}."
        if not source.startswith("=") and source not in FIELDS:
            return f"Champ inconnu : {source[:60]!r}. Connus : {', '.join(FIELDS)}, ou « =texte »."
    inside = [name for name in template if any(other.startswith(f"{name}.") for other in template)]
    return f"Le champ {inside[0]!r} ne peut pas contenir d'autres champs." if inside else None


def one(template: Template, lead: Mapping[str, str]) -> dict[str, Any]:
    """A lead under the buyer's names; every name of the template is there, empty when the lead has nothing."""
    made: dict[str, Any] = {}
    for name, source in (template or DEFAULT).items():
        *path, last = name.split(".")
        inside = made
        for step in path:
            inside = inside.setdefault(step, {})
        inside[last] = source[1:] if source.startswith("=") else lead.get(source, "")
    return made


def body(template: Template, lead: Mapping[str, str], *, test: bool = False) -> str:
    """The JSON of a call that carries one lead."""
    return _json(one(template, lead) | ({"test": True} if test else {}))


def batch_body(
    template: Template, batch_id: str, produit: str, leads: Sequence[Mapping[str, str]], *, test: bool = False
) -> str:
    """The JSON of a call that carries a whole batch."""
    made: dict[str, Any] = {"batch_id": batch_id, "produit": produit, "count": len(leads)}
    made["leads"] = [one(template, lead) for lead in leads]
    return _json(made | ({"test": True} if test else {}))


def _json(made: Mapping[str, Any]) -> str:
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))
