"""How far the lots of a day are. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.batches.models import Progress


def progressed(found: Sequence[Mapping[str, Any]]) -> Progress:
    """From counts by status; what failed or is uncertain waits for a person, not for the sending."""
    told = Progress()
    for one in found:
        told.total += one["n"]
        told.done += one["n"] if one["status"] not in {"ready_to_send", "sending"} else 0
        told.failed += one["n"] if one["status"] in {"failed", "uncertain"} else 0
    return told.model_copy(update={"last_at": max((one["sent_at"] for one in found if one["sent_at"]), default=None)})
