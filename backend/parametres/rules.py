"""What settings mean together: defaults, contradictions, the view read by the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from backend.parametres.calendar import Calendar
from backend.parametres.models import DEFAULTS, Form, Key, Parametres, Setting
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
    if key == "source_gating" and values["mode"] == "whitelist" and not values["allowed_sources"]:
        return {"allowed_sources": "Au moins une source autorisée est nécessaire en mode whitelist."}
    return {}


def names(given: Iterable[str]) -> list[str]:
    """Without blanks nor repetitions (the case does not count), in the order given."""
    return list({name.casefold(): name for name in reversed(list(given)) if name}.values())[::-1]


def codes_twice(forms: Sequence[Form]) -> list[str]:
    """Codes given more than once."""
    return sorted(code for code, times in Counter(form.code for form in forms).items() if times > 1)


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
