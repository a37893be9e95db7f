"""One Chromium per run; a market with something in every state that the pages show."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Browser

from tests.support.browser import Desk, chromium, desk, site
from tests.support.departure import leave
from tests.support.smtp import mail_server
from tests.support.trade import Trade


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a busy machine: ten minutes, unless the test says otherwise."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(600))


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as one:
        yield one


@pytest_asyncio.fixture
async def market(trade: Trade) -> AsyncIterator[Trade]:
    """Sent, waiting and unsold leads in both entities."""
    async with mail_server() as server:
        server.serve(trade.parts)
        await trade.buyer(quota_semaine=6)
        await trade.buyer("Habitat Occitan", quota_semaine=1, priorite=1)
        await trade.buyer("Maison Verte", "MDL", produit="ITE", departements=["59"])
        for nom in ("Fournier", "Lefèvre", "Garnier"):
            await trade.lead(nom=nom, prenom="Camille", utm_source="google", email="camille@exemple.fr")
        await trade.lead(nom="Petit", entity="MDL", produit="ITE", departement="59")
        await leave(trade)
        await trade.lead(nom="Moreau", prenom="Jean-Baptiste")
        await trade.lead(nom="Chevalier", produit="PAC")
        yield trade


@pytest_asyncio.fixture(scope="session")
async def address(app: FastAPI) -> AsyncIterator[str]:
    """Of the one dashboard of the run, on the base of the tests."""
    async with site(app) as url:
        yield url


@pytest_asyncio.fixture
async def at(browser: Browser, address: str, trade: Trade) -> AsyncIterator[Desk]:
    """In front of the dashboard, signed out."""
    async with desk(browser, address) as one:
        yield one


@pytest_asyncio.fixture
async def still(browser: Browser, address: str, trade: Trade) -> AsyncIterator[Desk]:
    """The same, whose dialogs open at once."""
    async with desk(browser, address, reduced_motion="reduce") as one:
        yield one
