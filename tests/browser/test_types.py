"""The dashboard's types are those of this API."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.operator import ROOT


@pytest.mark.timeout(900)
def test_the_generated_types_have_not_drifted(tmp_path: Path) -> None:
    made = tmp_path / "schema.d.ts"
    subprocess.run([ROOT / "scripts/api-types", made], cwd=ROOT, check=True, timeout=600)
    assert made.read_text() == (ROOT / "frontend/src/api/schema.d.ts").read_text(), "make api-types"
