"""Shapes of monitoring."""

from __future__ import annotations

from pydantic import BaseModel, Field

EXAMPLES = 5


class Check(BaseModel):
    """One invariant of the trade: how often it is broken, with a few examples. It must be zero."""

    name: str
    meaning: str
    count: int = 0
    examples: list[str] = Field(default_factory=list)

    def add(self, example: str) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(example)
