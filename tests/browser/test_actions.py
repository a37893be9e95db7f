"""Who is offered what, and what is shown when the server refuses: generated from `actions.py` and from the routes."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import cycle, islice

import pytest
import pytest_asyncio
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route

from backend.accounts.permissions import KEYS, ROLES, granted
from backend.bootstrap import Parts
from backend.server import create_app
from tests.browser.actions import ACTIONS, EVERY, Action, words
from tests.browser.house import Ids, treasury, workshop
from tests.integration.test_permissions_matrix import BESIDES, call
from tests.support.browser import Desk, sign_in
from tests.support.french import codes, machine_words
from tests.support.operator import ROOT
from tests.support.people import headers
from tests.support.surface import surfaces
from tests.support.trade import Trade

FEATURES = ROOT / "frontend/src/features"
ROUTES = (ROOT / "frontend/src/app/routes.tsx").read_text()
NAVIGATION = (ROOT / "frontend/src/app/navigation.ts").read_text()
ELSEWHERE = {  # nobody is signed in yet, or what it acts on is not of the market: they have tests of their own
    "accounts/ChoosePage.tsx POST /api/auth/password/reset",
    "accounts/ForgotPage.tsx POST /api/auth/password/forgot",
    "accounts/LoginPage.tsx POST /api/auth/login",
    "bulk/RejectsPage.tsx POST /api/deliveries/bulk/reject",
    "cockpit/TodoList.tsx DELETE /api/cockpit/claims",
    "cockpit/TodoList.tsx POST /api/cockpit/claims",
    "outbox/Suppressed.tsx DELETE /api/suppressions/{address}",
    "tasks/parts.tsx POST /api/tasks/{task_id}/cancel",
    "tour/Tour.tsx POST /api/tour",
}
REFUSALS = {
    403: ("forbidden", "", "Cette action n'est pas ouverte à votre compte."),
    409: ("invalid_state", "Un collègue vient de la changer.", "Un collègue vient de la changer."),
    422: ("invalid_input", "Cette valeur ne convient pas.", "Cette valeur ne convient pas."),
    500: ("internal", "Boom", "Erreur inattendue"),
    0: ("offline", "", "L'API ne répond pas."),
}


def written() -> Counter[str]:
    """Each call of the dashboard that changes something, as `file METHOD path`."""
    found: Counter[str] = Counter()
    for file in FEATURES.rglob("*.ts*"):
        for method, path in re.findall(
            r'(?:useWrite|call)\(\s*"(post|put|patch|delete)",\s*"([^"]+)"', file.read_text()
        ):
            found[f"{file.relative_to(FEATURES)} {method.upper()} {path}"] += 1
    return found


def guards() -> dict[str, str | None]:
    """Address of a page -> the key that opens it."""
    pages = re.findall(r'path: "([^"]+)", element: page\((?:"([\w.]+)"|undefined)', ROUTES)
    return {f"/admin/{path.split('/:tab')[0]}": key or None for path, key in pages}


def guard_of(address: str) -> str | None:
    known = guards()
    path = address.partition("?")[0]
    if path.startswith("/admin/settings"):
        return known["/admin/settings"]
    return known[re.sub(r"/{\w+}", "/:id", path)]


def test_every_call_that_changes_something_is_declared() -> None:
    declared = Counter(f"{one.source} {one.call}" for one in EVERY) + Counter(ELSEWHERE)
    assert written() == declared, "declare it in tests/browser/actions.py"


def test_the_key_that_offers_an_action_is_the_one_its_endpoint_asks_for(parts: Parts) -> None:
    asked = {one.name: one.permissions | BESIDES.get(one.name, set()) for one in surfaces(create_app(parts=parts))}
    wrong = {one.call: asked[one.call] for one in EVERY if not agrees(one.permission, asked[one.call])}
    assert wrong == {}


def agrees(offering: str | None, asked: set[str]) -> bool:
    return offering in asked if offering else not asked


def test_every_key_looked_at_offers_something_declared() -> None:
    """`can("...")` in a feature: a key that only reads, or that of an action of the table."""
    looked = {key for file in FEATURES.rglob("*.ts*") for key in re.findall(r'\bcan\("([\w.]+)"\)', file.read_text())}
    assert looked <= set(KEYS)
    acting = {one.permission for one in EVERY}.union(*BESIDES.values())
    assert {key for key in looked if not key.endswith((".view", ".access"))} <= acting


def test_whoever_may_act_may_open_the_page_where_it_is_done() -> None:
    shut = [
        (role, one.call, one.page)
        for role in ROLES
        for one in EVERY
        if one.permission in granted(role, None) and guard_of(one.page) not in {None, *granted(role, None)}
    ]
    assert shut == []


@pytest_asyncio.fixture
async def house(trade: Trade) -> AsyncIterator[tuple[Trade, Ids]]:
    async with workshop(trade) as ids:
        yield trade, await treasury(trade, ids)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", ROLES[1:])  # the first may all: the tests of refusals do all as it
async def test_each_role_is_offered_exactly_what_the_server_allows(
    still: Desk, house: tuple[Trade, Ids], role: str
) -> None:
    trade, ids = house
    held = granted(role, None)
    await sign_in(still, trade.parts, role)
    await still.open("/admin/dashboard")
    wrong: dict[str, str] = {}
    menu = set(re.findall(r'to: "(/admin/[\w/]+)", permission: "([\w.]+)".*?built: true', NAVIGATION))
    links = await still.page.locator(".sidebar nav a").evaluate_all("all => all.map(one => one.pathname)")
    assert set(links) == {to for to, key in menu if key in held}
    for path, key in guards().items():
        if key not in {None, *held}:
            await still.turn(path.replace(":id", "x"))
            if await still.page.get_by_role("heading", level=1).inner_text() != "Accès réservé":
                wrong[path] = "opened"
    signed = await headers(trade.parts, role, "ZR7")
    asked = {one.name: one for one in surfaces(create_app(parts=trade.parts))}
    for one in sorted((one for one in EVERY if not one.held), key=lambda one: one.page):
        allowed = one.permission in {None, *held}
        if (await call(trade.http, asked[one.call], signed)).status_code == 403 and allowed:
            wrong[one.call] = "refused by the server"
        if not await reaches(still, one, ids, held):
            continue
        if (await offered(still.page, one, wait=allowed)) is not allowed:
            wrong[f"{one.call} at {one.page}"] = "missing" if allowed else "offered"
    assert wrong == {}


async def reaches(at: Desk, one: Action, ids: Ids, held: frozenset[str]) -> bool:
    if guard_of(one.page) not in {None, *held}:
        return False
    address = one.page.format(**ids)
    if not at.page.url.endswith(address):
        await at.turn(address)
    return True


async def offered(page: Page, one: Action, *, wait: bool) -> bool:
    found = page.locator(one.offered)
    if wait:
        with suppress(PlaywrightError):
            await found.first.wait_for()
    return await found.count() > 0


@pytest.mark.timeout(900)
@pytest.mark.parametrize("statuses", [2, pytest.param(len(REFUSALS), marks=pytest.mark.long)])
@pytest.mark.parametrize("group", ACTIONS)
async def test_every_refusal_is_told_in_french_with_its_reference(
    still: Desk, house: tuple[Trade, Ids], group: str, statuses: int
) -> None:
    """Each action with `statuses` of the five, in turn: the next action has the following ones."""
    trade, ids = house
    await sign_in(still, trade.parts, "super_admin")
    still.page.set_default_timeout(30_000)
    await still.open("/admin/dashboard")
    silent: list[str] = []
    known = codes(trade.parts)
    turn = cycle(REFUSALS)
    for one in sorted(ACTIONS[group], key=lambda one: one.held):
        if one.held and not await trade.parts.hold.is_held():
            await trade.parts.hold.hold("Essai", "test")
        await (still.open if one.held else still.turn)(one.page.format(**ids))  # what is read before knows no hold
        for number, status in enumerate(islice(turn, statuses)):
            wrong = await told(still, one, status, again=number > 0)
            if wrong:
                silent.append(f"{one.call} at {one.page}, {status or 'offline'}: {wrong}")
                await still.turn(one.page.format(**ids))
        silent += machine_words(await still.words(), known)
        await leave_form(still.page)
    assert silent == []


async def told(at: Desk, one: Action, status: int, *, again: bool) -> str:
    """Do it while the server refuses: what is shown says why, with the reference; nothing says that it is done."""
    page = at.page
    await page.evaluate("document.querySelectorAll('.toast .icon-btn').forEach(one => one.click())")
    left = again and bool(await page.locator("[role=dialog] .error-block, form.form .error-block").count())
    pattern = re.compile(re.sub(r"{\w+}", "[^/?]+", one.call.split()[1]) + r"(\?.*)?$")

    async def refuse(route: Route) -> None:
        await refused(route, one.call.split()[0], status)

    try:
        for step in () if left else one.before:
            await step(page)
        await page.route(pattern, refuse)
        for step in one.how[-1:] if left else one.how:
            await step(page)
        alert = page.locator("[role=alert]", has_text=words(REFUSALS[status][2]))
        if status:
            alert = alert.filter(has_text=f"\u202f: {reference(status)}")
        await alert.first.wait_for()
    except PlaywrightError as error:
        return str(error)[:300]
    finally:
        await page.unroute(pattern, refuse)
    return "it says that it is done" if await page.locator(".toast-success").count() else ""


def reference(status: int) -> str:
    return f"essai-{status}"


async def refused(route: Route, method: str, status: int) -> None:
    """The answer of the API to this method; the others go to the server."""
    if route.request.method != method:
        await route.fallback()
    elif status == 0:
        await route.abort()
    else:
        error, detail, _ = REFUSALS[status]
        body = {"error": error, "detail": detail, "request_id": reference(status)}
        await route.fulfill(status=status, content_type="application/json", body=json.dumps(body))


async def leave_form(page: Page) -> None:
    """What was typed is given up, so that the next page opens without asking."""
    if await page.locator(".dirty-bar").count():
        await page.locator(".dirty-bar").get_by_role("button", name="Annuler").click()
