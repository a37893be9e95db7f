"""What the worker does for each row of a bulk action: one service call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.accounts.caller import Caller
from backend.batches.models import SendBody
from backend.bulk.rules import SENTENCES
from backend.clients.models import ClientUpdate
from backend.clients.service import ClientsService
from backend.closing.service import Closing
from backend.commandes.models import CommandeChange
from backend.commandes.service import CommandesService
from backend.deliveries.models import RejectBody, RemoveBody
from backend.deliveries.service import DeliveriesService
from backend.dispatch.service import DispatchService
from backend.tasks.models import Row
from backend.tasks.service import Ignored

Params = dict[str, Any]


class Send:
    """Deliveries that have not left: a refused batch whole, else those of a client and commande in one message."""

    whole = True

    def __init__(self, dispatch: DispatchService) -> None:
        self._dispatch = dispatch

    async def __call__(self, caller: Caller, params: Params, rows: Sequence[Row]) -> str:
        if rows[0].unit.startswith("batch:"):
            await self._dispatch.send(caller, rows[0].key, SendBody())
            return ""
        return await self._dispatch.send_together(caller, [row.key for row in rows])


class Copy:
    """One copy of the file that these deliveries left in."""

    whole = True

    def __init__(self, dispatch: DispatchService) -> None:
        self._dispatch = dispatch

    async def __call__(self, caller: Caller, params: Params, rows: Sequence[Row]) -> str:
        await self._dispatch.send(caller, rows[0].key, SendBody(force=True))
        return ""


class Reject:
    whole = True

    def __init__(self, deliveries: DeliveriesService) -> None:
        self._deliveries = deliveries

    async def __call__(self, caller: Caller, params: Params, rows: Sequence[Row]) -> str:
        told = await self._deliveries.reject(caller, rows[0].key, RejectBody(**params))
        _demand_new(told, "already_rejected")
        return ""


class Remove:
    whole = True

    def __init__(self, deliveries: DeliveriesService) -> None:
        self._deliveries = deliveries

    async def __call__(self, caller: Caller, params: Params, rows: Sequence[Row]) -> str:
        told = await self._deliveries.remove(caller, rows[0].key, RemoveBody(**params))
        _demand_new(told, "already_removed")
        return ""


class SwitchCommande:
    whole = True

    def __init__(self, commandes: CommandesService) -> None:
        self._commandes = commandes

    async def __call__(self, caller: Caller, params: Params, rows: Sequence[Row]) -> str:
        await self._commandes.change(caller.scope, rows[0].key, CommandeChange(active=params["active"]), caller.email)
        return ""


class SwitchClient:
    whole = True

    def __init__(self, clients: ClientsService) -> None:
        self._clients = clients

    async def __call__(self, caller: Caller, params: Params, rows: Sequence[Row]) -> str:
        await self._clients.update(caller.scope, rows[0].key, ClientUpdate(active=params["active"]), caller.email)
        return ""


class CloseWeek:
    """Two transactions or more: done again, it does what was left."""

    whole = False

    def __init__(self, closing: Closing) -> None:
        self._closing = closing

    async def __call__(self, caller: Caller, params: Params, rows: Sequence[Row]) -> str:
        week, issue = params["week"], params["issue"]
        issued = await self._closing.settle(caller.scope, week, rows[0].key, caller.email, issue=issue)
        return ", ".join(str(one.invoice_number) for one in issued)


def _demand_new(told: dict[str, Any], code: str) -> None:
    if told[code]:
        raise Ignored(code, SENTENCES[code])
