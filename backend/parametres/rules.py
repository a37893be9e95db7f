"""What settings mean together: defaults, contradictions, the view read by the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from backend.core.money import euros
from backend.parametres import legal
from backend.parametres.calendar import Calendar
from backend.parametres.models import DEFAULTS, Form, FormRow, Key, Parametres, Setting
from backend.settings import ConsentMode

GLOBAL = {"cross_entity_enabled": True}


def merged(key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values over the defaults of their key."""
    return {**DEFAULTS[cast(Key, key)], **values}


def contradictions(key: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Field -> French sentence for what cannot hold together in the merged `values`."""
    if key == "delivery_calendar":
        both = sorted({*values["opened_dates"]} & {*values["disabled_dates"]})
        return {"opened_dates": f"Dates à la fois ouvertes et fermées : {', '.join(both)}."} if both else {}
    if key == "email_denylist" and values["simulation_mode"] and not values["simulation_email"]:
        return {"simulation_email": "Adresse obligatoire quand le mode simulation est actif."}
    if key == "legal":
        return legal.contradictions(legal.legal_of(values))
    if key == "source_gating" and values["mode"] == "whitelist" and not values["allowed_sources"]:
        return {"allowed_sources": "Au moins une source autorisée est nécessaire en mode whitelist."}
    return {}


def told(key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer shows: amounts as text, and what the legal identity lacks to issue an invoice."""
    shown = {name: euros(value) if isinstance(value, Decimal) else value for name, value in values.items()}
    return {**shown, "missing": legal.missing_to_issue(legal.legal_of(values))} if key == "legal" else shown


def tidy(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be stored: omitted fields (None) left out, lists sorted, without blanks nor repetitions."""
    return {name: _tidy(value) for name, value in given.items() if value is not None}


def _tidy(value: Any) -> Any:
    return sorted({item for item in value if item != ""}) if isinstance(value, list) else value


def forms_refused(entity: str, rows: Sequence[FormRow]) -> dict[str, str]:
    """Field -> French sentence for the rows that are another entity's, or there twice."""
    told, seen = {}, set()
    for n, row in enumerate(rows):
        if row.entity is not None and row.entity.upper() != entity:
            told[f"forms.{n}.entity"] = f"Seuls les formulaires de {entity} peuvent être remplacés ici."
        if row.form_code in seen:
            told[f"forms.{n}.form_code"] = "Ce code est présent deux fois."
        seen.add(row.form_code)
    return told


def calendar_of(values: Mapping[str, Any]) -> Calendar:
    return Calendar(
        enabled_days=frozenset(values["enabled_days"]),
        disabled_dates=frozenset(map(date.fromisoformat, values["disabled_dates"])),
        opened_dates=frozenset(map(date.fromisoformat, values["opened_dates"])),
        holidays_closed=values["holidays_closed"],
    )


def view(
    entities: Sequence[str], stored: Sequence[Setting], forms: Sequence[Form], consent: Mapping[str, ConsentMode]
) -> Parametres:
    """The settings of `entities` at one moment."""
    values = {(one.entity, one.key): merged(one.key, one.values) for one in stored if one.entity is not None}
    common = next((one.values for one in stored if one.entity is None and one.key == "cross_entity"), GLOBAL)
    calendar = DEFAULTS["delivery_calendar"]
    return Parametres(
        calendars={code: calendar_of(values.get((code, "delivery_calendar"), calendar)) for code in entities},
        cross_entity_enabled=bool(common.get("cross_entity_enabled", True)),
        values=values,
        forms={form.code: form for form in forms},
        consent=consent,
    )
