"""What a person, a script or an attacker can get wrong, derived from the OpenAPI of the application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
OPERATOR = '{"$ne": null}'
LONG = "x" * 20_000
_TEXT = ('"a\\u0000b"', '"a\\u0001b"', '"\\ud800"', f'"{LONG}"', "12", "true", '["x"]')
_WHOLE = ('"abc"', "1.5", "1e400", str(10**30), str(-(10**30)), "NaN", "true", "[1]")
_NUMBER = ('"abc"', "1e400", "NaN", '"Infinity"', "true", "[1]")
_BOOL = ('"oui"', "1", '"true"', "[]")
_LIST = ('"x"', "{}", "1", '[{"$ne": null}]', '["a\\u0000"]', "[[]]", "[" + '"x",' * 10_000 + '"x"]')
_OBJECT = ('"x"', "[]", "1")
WEEKS = ("2026-W99", "2026-W54", "2026-W00", "0001-W01", "9999-W52", "2026-11", "lundi")
DAYS = ("hier", "2026-02-30", "0001-01-01", "9999-12-31", "1", "2026-03-11T10:00:00")
BODIES = ("{", "", "[]", '"x"', "1", "null", "[" * 100_000, '{"a":' * 5_000, '{"_inconnu": 1}')
IDS = ("inconnu", "%00", "a%01b", "%7B%22%24ne%22%3Anull%7D", "x" * 3000, "%ED%A0%80", "..%2F..%2Fetc")


@dataclass(frozen=True)
class Operation:
    """One method of one path, as the OpenAPI tells it."""

    method: str
    path: str
    query: tuple[Schema, ...]
    body: Schema | None

    @property
    def area(self) -> str:
        return self.path.strip("/").removeprefix("api/").split("/")[0]

    @property
    def public(self) -> bool:
        """Called by landing pages: unknown fields are kept, and null may stand for nothing."""
        return self.path.startswith("/api/public/")

    def at(self, value: str) -> str:
        """The path with `value` for each of its parameters."""
        parts = [value if part.startswith("{") else part for part in self.path.split("/")]
        return "/".join(parts)


def operations(spec: Schema) -> list[Operation]:
    found = []
    for path, methods in spec["paths"].items():
        for method, told in methods.items():
            query = tuple(one for one in told.get("parameters", []) if one["in"] == "query")
            content = told.get("requestBody", {}).get("content", {})
            body = next((one["schema"] for one in content.values()), None)
            found.append(Operation(method.upper(), path, query, body))
    return found


def fields(schema: Schema, spec: Schema) -> dict[str, Schema]:
    """The fields of a body, whichever of its forms has them."""
    found: dict[str, Schema] = {}
    for one in _forms(schema, spec):
        found |= one.get("properties", {})
    return found


def bad_values(schema: Schema, spec: Schema) -> Iterator[str]:
    """Raw JSON that a field of this schema must refuse."""
    forms = list(_forms(schema, spec))
    kinds = {form["type"] for form in forms if "type" in form}
    yield OPERATOR
    yield from () if "null" in kinds else ("null",)
    if "number" in kinds:
        yield from _NUMBER
    elif "string" in kinds:
        yield from _TEXT
    if "integer" in kinds - {"number"} and "number" not in kinds:
        yield from _WHOLE
    for kind, values in (("boolean", _BOOL), ("array", _LIST), ("object", _OBJECT)):
        if kind in kinds:
            yield from values
    if any("enum" in form or "const" in form for form in forms):
        yield '"inconnu"'


def _forms(schema: Schema, spec: Schema) -> Iterator[Schema]:
    if "$ref" in schema:
        yield from _forms(spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]], spec)
        return
    parts = [one for word in ("anyOf", "oneOf", "allOf") for one in schema.get(word, [])]
    for one in parts:
        yield from _forms(one, spec)
    if not parts:
        yield schema


def refused_text(parameter: Schema, spec: Schema) -> Iterator[str]:
    """Values that a query parameter must refuse."""
    forms = list(_forms(parameter["schema"], spec))
    kinds = {form.get("type") for form in forms}
    yield from ("a\0b", "a\x01b", "a\x7fb")
    if "integer" in kinds:
        yield from ("-1", "abc", "1e3", "9" * 30, "1.5", "", OPERATOR)
    if "boolean" in kinds:
        yield from ("peut-être", OPERATOR)
    if any("enum" in form or "const" in form for form in forms) or parameter["name"] == "entity":
        yield from ("inconnu", OPERATOR)
    if parameter["name"] in {"week", "sent_week", "week_key"}:
        yield from WEEKS
    if parameter["name"] in {"from", "to"}:
        yield from DAYS
    if "string" in kinds:
        yield "x" * 30_000
