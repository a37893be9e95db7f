"""What the channel needs to know of a mailbox, and how long it waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where an entity's e-mails leave from. `tls` is implicit TLS (port 465): a login is then mandatory."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    user: str
    password: str = field(default="", repr=False)

    @property
    def login_required(self) -> bool:
        return self.security == "tls" or self.port == 465


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds. `data` is what RFC 5321 asks a client to grant to the final dot."""

    connect: float = 10
    command: float = 30
    data: float = 600
    idle: float = 10
