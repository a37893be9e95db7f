"""Names of channels and tasks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

OWN = "http:"
"""What the channel of one client starts with: `http:<ENTITY>:<client>`."""


def own(known: Iterable[str]) -> tuple[str, ...]:
    """Those of the `known` channels that belong to one client."""
    return tuple(sorted(name for name in known if name.startswith(OWN)))


def task_key(kind: str, payload: Mapping[str, Any], entity: str | None) -> str:
    """The same for identical tasks."""
    text = json.dumps([kind, entity, payload], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def message_id(row_id: str, sender: str) -> str:
    """The Message-ID of a row, the same at each attempt."""
    slug = hashlib.sha256(row_id.encode()).hexdigest()[:32]
    return f"<{slug}@{sender.rpartition('@')[2]}>"


def entity_of(channel: str) -> str | None:
    """The entity whose channel this is: `smtp:ZR7` and `http:ZR7:<client>` -> `ZR7`."""
    return channel.partition(":")[2].partition(":")[0] or None
