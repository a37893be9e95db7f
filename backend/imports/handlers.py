"""What the worker does for each line of an import: one creation; what is there already is left as it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from backend.accounts.caller import Caller
from backend.clients.models import ClientCreate
from backend.clients.service import ClientsService
from backend.commandes.models import NewCommande
from backend.commandes.service import CommandesService
from backend.core.errors import Conflict
from backend.pricing.models import PriceBody
from backend.pricing.service import PricingService
from backend.tasks.models import Row
from backend.tasks.service import Ignored

Params = dict[str, Any]


class CreateClient:
    whole = True

    def __init__(self, clients: ClientsService) -> None:
        self._clients = clients

    async def __call__(self, caller: Caller, params: Params, rows: Sequence[Row]) -> str:
        [row] = rows
        return await _new(lambda: self._clients.create(row.entity, ClientCreate(**row.payload), caller.email))


class OpenCommande:
    whole = True

    def __init__(self, commandes: CommandesService) -> None:
        self._commandes = commandes

    async def __call__(self, caller: Caller, params: Params, rows: Sequence[Row]) -> str:
        [row] = rows
        return await _new(lambda: self._commandes.create(row.entity, NewCommande(**row.payload), caller.email))


class SetPrice:
    """The same price from the same day is one price."""

    whole = True

    def __init__(self, pricing: PricingService) -> None:
        self._pricing = pricing

    async def __call__(self, caller: Caller, params: Params, rows: Sequence[Row]) -> str:
        [row] = rows
        values = {key: one for key, one in row.payload.items() if key != "client"}
        await self._pricing.set_price(caller.scope, row.payload["client"], PriceBody(**values), caller.email)
        return ""


async def _new(make: Callable[[], Awaitable[object]]) -> str:
    try:
        await make()
    except Conflict as exc:
        if exc.code == "duplicate":
            raise Ignored("existing", "Déjà là : laissé tel quel.") from None
        raise
    return ""
