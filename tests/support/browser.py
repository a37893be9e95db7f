"""A built dashboard on the API of the test, driven by Debian's Chromium."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, Page, Response, async_playwright, expect
from playwright.async_api import Error as PlaywrightError

from backend.bootstrap import Parts
from backend.frontend import create_app as create_site
from tests.support.french import SHOWN
from tests.support.mongod import free_port
from tests.support.operator import ROOT
from tests.support.people import PASSWORD, person

BUILT = ROOT / "frontend/dist"
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 375, "height": 812}
HALF = {"width": 720, "height": 450}
"""What is left of 1440 px at 200 %."""
PALETTE = "Rechercher et aller à"
"""The name of the field of the command palette."""
NOWHERE = "/admin/nulle-part"
_TURN = "to => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }"
_TURNED = "nowhere => (document.querySelector('h1')?.textContent === 'Page introuvable') === nowhere"
PATIENCE_MS = 90_000  # a busy machine; nothing waits that long for a thing that is there
expect.set_options(timeout=PATIENCE_MS)
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync", "--font-render-hinting=none")  # fmt: skip
_AXE = """async options => (await axe.run(document, {...options, resultTypes: ["violations"]})).violations.map(
    one => `${one.id}: ${one.nodes.map(node => node.target.join(" ")).slice(0, 4).join(" | ")}`)"""


@dataclass
class Desk:
    """One person in front of the dashboard."""

    url: str
    page: Page

    async def open(self, path: str) -> Page:
        """The page, once it shows neither skeleton nor spinner."""
        await self.page.goto(self.url + path)
        await self.settled()
        return self.page

    async def turn(self, path: str) -> Page:
        """The page, as somebody who follows a link: the dashboard is not loaded again, which costs most of an opening.

        By way of a page that is none, so that the one shown afterwards is this one, made anew. What was read before is
        shown until it is read again: not for a test whose actions change what the next page shows.
        """
        for to in (NOWHERE, path):
            await self.page.evaluate(_TURN, to)
            await self.page.wait_for_function(_TURNED, arg=to == NOWHERE, timeout=PATIENCE_MS)
        await self.settled()
        return self.page

    async def settled(self) -> None:
        quiet = "() => !!document.querySelector('h1') && !document.querySelector('.skeleton, [aria-busy=true]')"
        try:
            await self.page.wait_for_function(quiet, timeout=PATIENCE_MS)
        except PlaywrightError as error:
            left = "[...document.querySelectorAll('h1, .skeleton, [aria-busy=true]')].map(one => one.outerHTML)"
            raise AssertionError(f"{self.page.url} {await self.page.evaluate(left)} {error}") from None

    async def calls_of(self, path: str) -> list[str]:
        """The calls to the API that opening the page makes, each once: a live page asks again."""
        seen: list[str] = []

        def note(answer: Response) -> None:
            if "/api/" in answer.url:
                seen.append(answer.url.removeprefix(self.url))

        self.page.on("response", note)
        await self.open(path)
        await self.page.wait_for_load_state("networkidle", timeout=PATIENCE_MS)
        self.page.remove_listener("response", note)
        return list(dict.fromkeys(seen))

    async def faults(self, *rules: str) -> list[str]:
        """What axe finds wrong (these rules only, when given), contrast included, and a page wider than its window."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(AXE.read_text())
        found: list[str] = await self.page.evaluate(_AXE, {"runOnly": list(rules)} if rules else {})
        return [*found, *(["wider than the window"] if await self.is_too_wide() else [])]

    async def is_too_wide(self) -> bool:
        wide: bool = await self.page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
        return wide

    async def words(self) -> list[str]:
        """Every text of the page."""
        told: list[str] = await self.page.evaluate(SHOWN)
        return told

    async def theme(self, scheme: str) -> None:
        script = f"localStorage.setItem('mantine-color-scheme-value', {json.dumps(scheme)})"
        await self.page.evaluate(script)

    async def dress(self, scheme: str, size: dict[str, int]) -> None:
        """The page as it is, in another theme and another window, as a person who changes both sees it."""
        await self.theme(scheme)
        await self.page.evaluate("scheme => document.documentElement.dataset.mantineColorScheme = scheme", scheme)
        await self.page.set_viewport_size(size)  # type: ignore[arg-type]
        await self.settled()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(_FLAGS))
        yield browser
        await browser.close()


@asynccontextmanager
async def site(app: FastAPI) -> AsyncIterator[str]:
    """The API and the dashboard, in this process, on free ports; yields the dashboard's address."""
    api, web = free_port(), free_port()
    async with serving(app, api), serving(create_site(BUILT, f"http://127.0.0.1:{api}"), web):
        yield f"http://127.0.0.1:{web}"


@asynccontextmanager
async def serving(app: Any, port: int) -> AsyncIterator[None]:
    config = uvicorn.Config(app, port=port, log_config=None, lifespan="on", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the server ended"
        await asyncio.sleep(0.01)
    yield
    server.should_exit = True
    await task


@asynccontextmanager
async def desk(browser: Browser, url: str, **options: Any) -> AsyncIterator[Desk]:
    """A fresh browser context: nobody is signed in, nothing is remembered."""
    context = await browser.new_context(
        viewport=options.pop("viewport", WIDE), locale="fr-FR", timezone_id="America/New_York", **options
    )
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Desk(url, page)
    await context.close()
    assert errors == []


async def sign_in(at: Desk, parts: Parts, role: str = "admin", entity: str = "ZR7") -> None:
    """As the usual person of that role, without the cost of the login page: the next page opened is theirs."""
    user = await person(parts, role, entity)
    body = {"email": user.email, "password": PASSWORD}
    answer = await at.page.context.request.post(f"{at.url}/api/auth/login", data=body)
    assert answer.ok, await answer.text()


async def log_in(at: Desk, parts: Parts, role: str = "admin", entity: str = "ZR7") -> None:
    """Through the login page, as a person does; they are on the Cockpit then."""
    user = await person(parts, role, entity)
    page = await at.open("/login")
    await page.get_by_label("Adresse e-mail").fill(user.email)
    await page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Se connecter").click()
    await page.get_by_role("navigation", name="Navigation principale").first.wait_for()
    await at.settled()
