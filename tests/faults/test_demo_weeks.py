"""Some weeks of trade, as `rdz demo --weeks` plays them: what is billed is worked out again from the deliveries."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend import bootstrap
from backend.cli.demo_stack import own_stack
from backend.cli.demo_weeks import weeks_of_trade
from tests.support.recompute import differences


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("weeks", "leads"), [(2, 16), pytest.param(4, 200, marks=[pytest.mark.long])])
async def test_what_is_billed_is_what_was_delivered_to_the_cent(tmp_path: Path, weeks: int, leads: int) -> None:
    with own_stack(tmp_path / "demo") as stack:
        parts = bootstrap.build(stack.settings)
        await bootstrap.start(parts)
        broken = await weeks_of_trade(stack, parts, weeks, leads)
        await bootstrap.stop(parts)
        found = differences(stack.settings.mongo_url, stack.settings.db_name)
    assert not broken
    assert found == []
