"""`make screenshots`: every page of PAGES, light and dark at 1440, light at 375, into docs/img/."""

from __future__ import annotations

import re

import pytest

from tests.browser.test_pages import PAGES, asked_for, filled, supplied
from tests.support.browser import PHONE, WIDE, Desk, sign_in
from tests.support.operator import ROOT
from tests.support.trade import Trade

FOLDER = ROOT / "docs/img"


@pytest.mark.timeout(900)
async def test_photographs(at: Desk, market: Trade) -> None:
    FOLDER.mkdir(exist_ok=True)
    await at.open("/login")
    await at.page.screenshot(path=FOLDER / "login-light-1440.png")
    await sign_in(at, market.parts, "super_admin")
    await supplied(market)
    await asked_for(market)
    for path in PAGES:
        name = re.sub(r"\W+", "-", path.removeprefix("/admin/")).strip("-")
        await at.open(await filled(market, path))
        for theme, size in (("light", WIDE), ("dark", WIDE), ("light", PHONE)):
            await at.dress(theme, size)
            await at.page.screenshot(path=FOLDER / f"{name}-{theme}-{size['width']}.png", full_page=True)
