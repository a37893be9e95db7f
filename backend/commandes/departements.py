"""The 101 French départements: which codes exist, which one a postcode falls in, which orders cover it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

EVERYWHERE = "*"
CORSICA = "20"

NAMES: dict[str, str] = {
    "01": "Ain", "02": "Aisne", "03": "Allier", "04": "Alpes-de-Haute-Provence", "05": "Hautes-Alpes",
    "06": "Alpes-Maritimes", "07": "Ardèche", "08": "Ardennes", "09": "Ariège", "10": "Aube", "11": "Aude",
    "12": "Aveyron", "13": "Bouches-du-Rhône", "14": "Calvados", "15": "Cantal", "16": "Charente",
    "17": "Charente-Maritime", "18": "Cher", "19": "Corrèze", "2A": "Corse-du-Sud", "2B": "Haute-Corse",
    "21": "Côte-d'Or", "22": "Côtes-d'Armor", "23": "Creuse", "24": "Dordogne", "25": "Doubs", "26": "Drôme",
    "27": "Eure", "28": "Eure-et-Loir", "29": "Finistère", "30": "Gard", "31": "Haute-Garonne", "32": "Gers",
    "33": "Gironde", "34": "Hérault", "35": "Ille-et-Vilaine", "36": "Indre", "37": "Indre-et-Loire", "38": "Isère",
    "39": "Jura", "40": "Landes", "41": "Loir-et-Cher", "42": "Loire", "43": "Haute-Loire",
    "44": "Loire-Atlantique", "45": "Loiret", "46": "Lot", "47": "Lot-et-Garonne", "48": "Lozère",
    "49": "Maine-et-Loire", "50": "Manche", "51": "Marne", "52": "Haute-Marne", "53": "Mayenne",
    "54": "Meurthe-et-Moselle", "55": "Meuse", "56": "Morbihan", "57": "Moselle", "58": "Nièvre", "59": "Nord",
    "60": "Oise", "61": "Orne", "62": "Pas-de-Calais", "63": "Puy-de-Dôme", "64": "Pyrénées-Atlantiques",
    "65": "Hautes-Pyrénées", "66": "Pyrénées-Orientales", "67": "Bas-Rhin", "68": "Haut-Rhin", "69": "Rhône",
    "70": "Haute-Saône", "71": "Saône-et-Loire", "72": "Sarthe", "73": "Savoie", "74": "Haute-Savoie",
    "75": "Paris", "76": "Seine-Maritime", "77": "Seine-et-Marne", "78": "Yvelines", "79": "Deux-Sèvres",
    "80": "Somme", "81": "Tarn", "82": "Tarn-et-Garonne", "83": "Var", "84": "Vaucluse", "85": "Vendée",
    "86": "Vienne", "87": "Haute-Vienne", "88": "Vosges", "89": "Yonne", "90": "Territoire de Belfort",
    "91": "Essonne", "92": "Hauts-de-Seine", "93": "Seine-Saint-Denis", "94": "Val-de-Marne", "95": "Val-d'Oise",
    "971": "Guadeloupe", "972": "Martinique", "973": "Guyane", "974": "La Réunion", "976": "Mayotte",
}  # fmt: skip
ALL: tuple[str, ...] = tuple(NAMES)
_CORSICAN_POSTCODES = {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}
_POSTCODE = re.compile(r"[0-9]{5}")


def known(code: str) -> bool:
    """True for one of the 101 codes; `20` and `*` are ways to order, not départements."""
    return code in NAMES


def orderable(code: str) -> bool:
    """True for what a commande may list: a département, `20` (both Corsican ones) or `*`."""
    return code in NAMES or code in {CORSICA, EVERYWHERE}


def from_postcode(text: str) -> str | None:
    """The département of a five-digit French postcode (spaces allowed inside), None when there is none."""
    postcode = "".join(text.split())
    if not _POSTCODE.fullmatch(postcode):
        return None
    code = _CORSICAN_POSTCODES.get(postcode[:3])
    code = code or (postcode[:3] if postcode[:2] == "97" else postcode[:2])
    return code if known(code) else None


def named(text: str) -> str:
    """The département that a text names, by its code or a postcode; empty when it names none."""
    code = text.upper().zfill(2) if text else ""
    if known(code) or code == CORSICA:
        return code
    return from_postcode(text) or ""


def matching(departement: str) -> tuple[str, ...]:
    """The codes a commande may list to cover a lead of this département, itself first."""
    if departement in {"2A", "2B"}:
        return (departement, CORSICA, EVERYWHERE)
    if departement == CORSICA:
        return (CORSICA, "2A", "2B", EVERYWHERE)
    return (departement, EVERYWHERE)


def collapsed(codes: Sequence[str]) -> list[str]:
    """The list as it is kept: each code once, in order; any `*` is everything."""
    return [EVERYWHERE] if EVERYWHERE in codes else list(dict.fromkeys(codes))


def covered(codes: Iterable[str]) -> frozenset[str]:
    """The départements that a commande listing `codes` receives from."""
    listed = set(codes)
    if EVERYWHERE in listed:
        return frozenset(ALL)
    return frozenset(listed & set(ALL)) | (frozenset({"2A", "2B"}) if CORSICA in listed else frozenset())
