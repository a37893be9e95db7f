"""How long this process takes to answer, by route. Labels are bounded: the template of a route, never its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Histogram

REGISTRY = CollectorRegistry()
_METHODS = {"GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"}
_SECONDS = Histogram(
    "rdz_http_seconds",
    "Time to answer, by route template",
    ["method", "route", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
    registry=REGISTRY,
)


def answered(scope: Mapping[str, Any], status: int, seconds: float) -> None:
    """Count one answer. A route that does not exist is `unmatched`, whatever was asked."""
    method = scope["method"] if scope["method"] in _METHODS else "other"
    template = getattr(scope.get("route"), "path", "unmatched")
    _SECONDS.labels(method, template, f"{status // 100}xx").observe(seconds)
