"""Which refusals of RCPT say that the address does not exist."""

from __future__ import annotations

import pytest

from backend.channels.smtp.replies import unknown_recipient


@pytest.mark.parametrize(
    ("code", "message", "unknown"),
    [
        (550, "5.1.1 user unknown", True),
        (550, "5.1.10 no such recipient", True),
        (551, "5.1.6 moved", True),
        (551, "user not local", True),
        (553, "mailbox name not allowed", True),
        (553, "5.1.3 bad address", True),
        (550, "no", False),
        (550, "5.7.1 relay denied", False),
        (553, "5.7.1 sender refused", False),
        (553, "5.1.8 bad sender domain", False),
        (550, "5.1.7 bad sender", False),
        (552, "5.2.2 full", False),
        (554, "5.1.1 odd", False),
        (450, "4.1.1 later", False),
    ],
)
def test_unknown_recipient(code: int, message: str, unknown: bool) -> None:
    assert unknown_recipient(code, message) is unknown
