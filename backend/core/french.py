"""What Pydantic refuses, said in French."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_SENTENCES: dict[str, str] = {
    "missing": "Champ obligatoire.",
    "extra_forbidden": "Champ inconnu.",
    "string_type": "Du texte est attendu.",
    "string_too_short": "Au moins {min_length} caractère(s).",
    "string_too_long": "Au plus {max_length} caractères.",
    "string_pattern_mismatch": "Format inattendu.",
    "string_unicode": "Caractères illisibles.",
    "int_type": "Un nombre entier est attendu.",
    "int_parsing": "Un nombre entier est attendu.",
    "int_from_float": "Un nombre entier est attendu.",
    "int_parsing_size": "Nombre trop grand.",
    "float_type": "Un nombre est attendu.",
    "float_parsing": "Un nombre est attendu.",
    "decimal_type": "Un nombre décimal est attendu.",
    "decimal_parsing": "Un nombre décimal est attendu.",
    "decimal_max_places": "Au plus {decimal_places} décimales.",
    "decimal_max_digits": "Nombre trop grand.",
    "finite_number": "Un nombre fini est attendu.",
    "bool_type": "Vrai ou faux est attendu.",
    "bool_parsing": "Vrai ou faux est attendu.",
    "list_type": "Une liste est attendue.",
    "dict_type": "Un objet est attendu.",
    "model_type": "Un objet JSON est attendu.",
    "model_attributes_type": "Un objet JSON est attendu.",
    "too_long": "Au plus {max_length} éléments.",
    "too_short": "Au moins {min_length} élément(s).",
    "greater_than": "Doit être supérieur à {gt}.",
    "greater_than_equal": "Doit être au moins {ge}.",
    "less_than": "Doit être inférieur à {lt}.",
    "less_than_equal": "Doit être au plus {le}.",
    "literal_error": "Valeur inconnue. Attendu : {expected}.",
    "enum": "Valeur inconnue. Attendu : {expected}.",
    "json_invalid": "JSON illisible.",
    "date_type": "Une date AAAA-MM-JJ est attendue.",
    "date_parsing": "Une date AAAA-MM-JJ est attendue.",
    "date_from_datetime_parsing": "Une date AAAA-MM-JJ est attendue.",
    "date_from_datetime_inexact": "Une date AAAA-MM-JJ est attendue.",
    "datetime_type": "Une date et une heure sont attendues.",
    "datetime_parsing": "Une date et une heure ISO 8601 sont attendues.",
    "datetime_from_date_parsing": "Une date et une heure ISO 8601 sont attendues.",
    "timezone_aware": "L'heure doit porter son fuseau.",
    "control_characters": "Caractères de contrôle refusés.",
    "one_line": "Une seule ligne est attendue.",
    "email": "Adresse e-mail invalide.",
}


def sentence(error: Mapping[str, Any]) -> str:
    """The French sentence of one Pydantic error; our own validators write theirs in French already."""
    kind = str(error.get("type", ""))
    if kind == "value_error":
        return str((error.get("ctx") or {}).get("error") or error.get("msg", "Valeur refusée."))
    known = _SENTENCES.get(kind)
    if known is None:
        return str(error["msg"]) if kind.startswith("rdz_") else "Valeur refusée."
    return known.format_map(_Context(error.get("ctx") or {})).replace("' or '", "' ou '")


def by_field(errors: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Field path -> sentence, the first of each field."""
    told: dict[str, str] = {}
    for error in errors:
        path = ".".join(str(part) for part in error.get("loc", ()) if part not in {"body", "query", "path", "header"})
        told.setdefault(printable(path) or "body", sentence(error))
    return told


def printable(path: str) -> str:
    """A field's name as it may be told back."""
    return path.encode("ascii", "replace").decode()[:100]


class _Context(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
