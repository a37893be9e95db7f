"""Builds the parts that read across the house for `bootstrap`: what sources are worth."""

from __future__ import annotations

from backend.core.clock import Clock
from backend.core.mongo import Mongo
from backend.quality import store as quality_store
from backend.quality.service import QualityService

INDEXES = (quality_store.INDEXES,)


class Insight:
    def __init__(self, mongo: Mongo, clock: Clock) -> None:
        self.quality = QualityService(quality_store.QualityStore(mongo), clock)
