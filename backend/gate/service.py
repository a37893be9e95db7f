"""The gate's facts, gathered: who would receive, and what stands in the way today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from backend.clients.deliverability import Reach, reach
from backend.clients.models import Client
from backend.clients.service import ClientsService
from backend.commandes.models import Commande
from backend.commandes.service import CommandesService
from backend.core import weeks
from backend.core.clock import Clock
from backend.gate.rules import Verdict, may_deliver_now
from backend.parametres.models import Parametres
from backend.parametres.service import ParametresService


@dataclass(frozen=True, slots=True)
class Target:
    """Who would receive a batch now, and what the gate says."""

    commande: Commande | None
    client: Client | None
    reach: Reach
    settings: Parametres
    verdict: Verdict


class GateService:
    def __init__(
        self, clock: Clock, clients: ClientsService, commandes: CommandesService, parametres: ParametresService
    ) -> None:
        self._clock = clock
        self._clients = clients
        self._commandes = commandes
        self._parametres = parametres

    async def target(self, entity: str, client_id: str, commande_id: str) -> Target:
        """The gate's answer for this client and commande, today."""
        pair = (client_id, commande_id)
        return (await self.targets(entity, [pair], weeks.paris_day(self._clock.now())))[pair]

    async def targets(
        self, entity: str, pairs: Collection[tuple[str, str]], day: date
    ) -> dict[tuple[str, str], Target]:
        """The gate's answer on a Paris day for each (client id, commande id)."""
        settings = await self._parametres.current()
        clients = await self._clients.by_ids({one for one, _ in pairs})
        commandes = await self._commandes.by_ids(sorted({one for _, one in pairs}))
        closed = settings.calendar(entity).closed_reason(day)
        refused = settings.denylist(entity), settings.suppressed(entity)
        found = {}
        for pair in pairs:
            client, commande = clients.get(pair[0]), commandes.get(pair[1])
            reached = reach(client, *refused) if client else Reach(False, "no_channel", ())
            verdict = may_deliver_now(commande, client, reached, closed, day)
            found[pair] = Target(commande, client, reached, settings, verdict)
        return found
