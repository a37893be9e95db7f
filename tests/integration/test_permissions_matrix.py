"""Who may call what, generated from the routes: anonymous, each role, each permission alone missing.

A new route is covered as soon as it exists. It must declare its permission with `requires`, or stand in PUBLIC.
"""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from backend.accounts.permissions import KEYS, ROLES, granted
from backend.bootstrap import Parts
from tests.support.people import headers_of, person
from tests.support.surface import Surface, surfaces

PUBLIC = {
    "GET /",
    "GET /health",
    "GET /metrics",  # this machine, or METRICS_TOKEN
    "GET /api/system/version",
    "POST /api/auth/login",
    "POST /api/auth/refresh",
    "POST /api/auth/password/forgot",  # the same answer for a known address and an unknown one
    "POST /api/auth/password/reset",  # who holds the link received by e-mail
    "GET /api/public/receipts/{token}",  # who holds the link that a delivery carries
    "POST /api/public/receipts/{token}",
    "POST /api/public/leads",
    "POST /api/public/track/event",
    "POST /api/public/track/lp-visit",
    "POST /api/public/track/session",
}
# Routes whose body decides: one of these keys is needed besides the one declared.
BESIDES = {
    "PUT /api/commandes/{commande_id}": {
        "commandes.edit_quota",
        "commandes.edit_lb_target",
        "commandes.activate_pause",
    }
}
ENDS_ITS_SESSION = "POST /api/auth/logout"
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="session")
def routes(app: FastAPI) -> list[Surface]:
    return surfaces(app)


async def call(http: httpx.AsyncClient, route: Surface, headers: dict[str, str] | None = None) -> httpx.Response:
    """The route with ids of nothing and an empty body: what is refused for want of rights is refused before."""
    values = dict.fromkeys(route.parameters, NOWHERE)
    body: dict[str, str] | None = None if route.method in {"GET", "DELETE"} else {}
    http.cookies.clear()
    return await http.request(route.method, route.url(values), headers=headers, json=body)


def test_the_application_has_routes(routes: list[Surface]) -> None:
    assert len(routes) > 70
    assert len({route.name for route in routes}) == len(routes)


def test_every_route_declares_who_may_call_it_or_is_known_to_be_public(routes: list[Surface]) -> None:
    undeclared = [route.name for route in routes if not route.guards and route.name not in PUBLIC]
    assert undeclared == [], "declare `requires(...)`, or add it to PUBLIC knowingly"
    guarded = [route.name for route in routes if route.guards and route.name in PUBLIC]
    assert guarded == []


def test_every_permission_asked_for_exists(routes: list[Surface]) -> None:
    unknown = {(route.name, key) for route in routes for key in route.permissions if key not in KEYS}
    assert unknown == set()


async def test_anonymous_callers_are_refused(http: httpx.AsyncClient, routes: list[Surface]) -> None:
    answers = {route.name: await call(http, route) for route in routes if route.guards}
    wrong = {name: answer.status_code for name, answer in answers.items() if answer.status_code != 401}
    assert wrong == {}
    assert {answer.json()["error"] for answer in answers.values()} == {"unauthenticated"}


@pytest.mark.parametrize("role", ROLES)
async def test_each_role(http: httpx.AsyncClient, parts: Parts, routes: list[Surface], role: str) -> None:
    user = await person(parts, role, "ZR7")
    signed = await headers_of(parts, user)
    wrong = {}
    for route in routes:
        if route.guards:
            status = (await call(http, route, signed)).status_code
            if route.name == ENDS_ITS_SESSION:
                signed = await headers_of(parts, user)
            if not as_expected(opens(route, granted(role, None)), status):
                wrong[route.name] = status
    assert wrong == {}


def opens(route: Surface, held: frozenset[str]) -> bool:
    besides = BESIDES.get(route.name)
    return route.permissions <= held and (besides is None or bool(besides & held))


def as_expected(allowed: bool, status: int) -> bool:
    return status not in {401, 403} and status < 500 if allowed else status == 403


async def test_each_key_alone_missing_closes_and_alone_given_opens(
    http: httpx.AsyncClient, parts: Parts, routes: list[Surface]
) -> None:
    wrong = {}
    for route in routes:
        for key in route.permissions:
            closed = (await call(http, route, await all_but(parts, key))).status_code
            opened = (await call(http, route, await with_only(parts, key, route))).status_code
            if closed != 403 or not as_expected(True, opened):
                wrong[route.name] = (closed, opened)
    assert wrong == {}


async def all_but(parts: Parts, key: str) -> dict[str, str]:
    held = {one: one != key for one in KEYS}
    return await headers_of(parts, await person(parts, "admin", email=f"without.{key}@exemple.fr", permissions=held))


async def with_only(parts: Parts, key: str, route: Surface) -> dict[str, str]:
    held = dict.fromkeys({*route.permissions, *BESIDES.get(route.name, set())}, True)
    address = f"alone.{'.'.join(sorted(held))}@exemple.fr"
    return await headers_of(parts, await person(parts, "viewer", email=address, permissions=held))


async def test_a_revoked_or_inactive_caller_opens_nothing(
    http: httpx.AsyncClient, parts: Parts, routes: list[Surface]
) -> None:
    owner = await headers_of(parts, await person(parts, "super_admin"))
    await parts.mongo.collection("sessions").delete_many({})
    parts.accounts.forget()
    answers = {route.name: (await call(http, route, owner)).status_code for route in routes if route.guards}
    assert {name: status for name, status in answers.items() if status != 401} == {}
