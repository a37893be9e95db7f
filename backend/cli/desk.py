"""The demonstration's hands: what an operator and two kinds of callers do over HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import date, datetime
from types import TracebackType
from typing import Any

import httpx

from backend.cli.crowd import Prospect, Tally
from backend.cli.market import PASSWORD, Market
from backend.cli.terminal import refuse

_PAGE = 500
_WITHIN_S = 900


class Desk:
    """A super administrator's session, and the providers' keys (rotated: they are only shown once)."""

    def __init__(self, url: str, market: Market) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=60, trust_env=False)
        self._market = market
        self._admin: dict[str, str] = {}
        self._keys: dict[str, str] = {}

    async def __aenter__(self) -> Desk:
        email = next(one.email for one in self._market.people if one.role == "super_admin")
        answer = await self._http.post("/api/auth/login", json={"email": email, "password": PASSWORD})
        if answer.status_code != 200:
            refuse(f"Connexion de démonstration refusée ({email}) : {answer.text[:200]}")
        self._admin = {"Authorization": f"Bearer {answer.json()['token']}"}
        async for row in self._all("/api/providers", "providers"):
            if row["slug"] in {one.slug for one in self._market.suppliers}:
                rotated = await self._ask("POST", f"/api/providers/{row['id']}/rotate-key")
                self._keys[row["slug"]] = rotated["api_key"]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def _ask(self, method: str, path: str, **options: Any) -> Any:
        answer = await self._http.request(method, path, headers=self._admin, **options)
        if answer.status_code >= 400:
            refuse(f"{method} {path} : {answer.status_code} {answer.text[:300]}")
        return answer.json()

    async def _all(self, path: str, name: str, **params: Any) -> AsyncIterator[dict[str, Any]]:
        skip = 0
        while rows := (await self._ask("GET", path, params={**params, "limit": _PAGE, "skip": skip}))[name]:
            for row in rows:
                yield row
            skip += len(rows)

    async def open_calendar(self, today: date, *, every_day: bool) -> None:
        """Open today for both entities, or every day of the week."""
        for entity in ("ZR7", "MDL"):
            body: dict[str, Any] = {"entity": entity, "opened_dates": [today.isoformat()]}
            if every_day:
                body |= {"enabled_days": list(range(7)), "holidays_closed": False}
            await self._ask("PUT", "/api/settings/delivery-calendar", json=body)

    async def toggle_orders(self, client_name: str) -> int:
        """Pause or reopen every commande of a client; answers how many it has."""
        found = 0
        rows = [row async for row in self._all("/api/commandes", "commandes", active_only=False)]
        for row in rows:
            if row["client_name"] == client_name:
                await self._ask("POST", f"/api/commandes/{row['id']}/toggle")
                found += 1
        return found

    async def wait_for_clock(self, moment: datetime) -> None:
        """Until the server's business clock has followed ours (it reads it again each second)."""
        await asyncio.sleep(2.5)

    async def submit(self, prospect: Prospect, tally: Tally) -> None:
        """One submission, counted by what was answered."""
        headers = {"Authorization": f"Bearer {self._keys[prospect.provider]}"} if prospect.provider else {}
        answer = await self._http.post("/api/public/leads", json=prospect.body, headers=headers)
        tally.sent += 1
        body = answer.json()
        if answer.status_code in {200, 201}:
            tally.statuses[body["status"]] += 1
            tally.lead_ids.add(body["lead_id"])
        else:
            tally.refused[f"{answer.status_code} {body['error']}"] += 1

    async def run_daily(self) -> dict[str, Any]:
        """Ask for a daily run and wait for its report."""
        slot = (await self._ask("POST", "/api/system/cron/daily_delivery/run"))["slot"]
        give_up = time.monotonic() + _WITHIN_S
        while True:
            reports = [one async for one in self._all("/api/delivery-reports", "reports") if one["slot"] == slot]
            if reports:
                return reports[0]
            if time.monotonic() > give_up:
                refuse(f"La livraison {slot} n'est pas terminée : voyez GET /api/system/cron.")
            await asyncio.sleep(0.5)

    async def wait_until_sent(self) -> None:
        """Until the outbox has nothing left to try on an open channel."""
        give_up = time.monotonic() + _WITHIN_S
        while time.monotonic() < give_up:
            channels = (await self._ask("GET", "/api/outbox/channels"))["channels"]
            paused = {one["channel"] for one in channels if one["state"] == "paused"}
            if not [row async for row in self._waiting() if row["channel"] not in paused]:
                return
            await asyncio.sleep(0.5)
        refuse("Des envois attendent encore : voyez GET /api/outbox.")

    async def _waiting(self) -> AsyncIterator[dict[str, Any]]:
        for state in ("pending", "leased"):
            async for row in self._all("/api/outbox", "rows", state=state):
                yield row

    async def deliveries_since(self, moment: datetime) -> list[dict[str, Any]]:
        """The deliveries made since `moment`, newest first."""
        found = []
        async for row in self._all("/api/deliveries", "deliveries"):
            if datetime.fromisoformat(row["created_at"]) < moment:
                break
            found.append(row)
        return found

    # -- money -----------------------------------------------------------------------------------------------

    async def close_week(self, week: str) -> dict[str, Any]:
        """Close and issue the week of every client."""
        closed: dict[str, Any] = await self._ask("POST", f"/api/billing/week/{week}/close", json={"issue": True})
        return closed

    async def bill_between(self, week: str) -> dict[str, Any]:
        made: dict[str, Any] = await self._ask("POST", "/api/intercompany/generate-invoices", params={"week_key": week})
        return made

    async def week(self, week: str) -> dict[str, Any]:
        board: dict[str, Any] = await self._ask("GET", "/api/billing/week", params={"week_key": week})
        return board

    async def netting(self) -> dict[str, Any]:
        told: dict[str, Any] = await self._ask("GET", "/api/intercompany/netting")
        return told

    async def invoice(self, invoice_id: str) -> dict[str, Any]:
        told: dict[str, Any] = await self._ask("GET", f"/api/invoices/{invoice_id}")
        return told

    async def mark_paid(self, invoice_id: str) -> None:
        await self._ask("POST", f"/api/invoices/{invoice_id}/mark-paid", json={})

    async def mail_invoice(self, invoice_id: str) -> None:
        await self._ask("POST", f"/api/invoices/{invoice_id}/send", json={})

    async def reject(self, delivery_id: str, reason: str) -> None:
        await self._ask("POST", f"/api/deliveries/{delivery_id}/reject-leads", json={"reason": reason})

    async def give_units(self, client_id: str, order_id: str, product: str, week: str, units: int) -> None:
        body = {"order_id": order_id, "product_code": product, "week_key": week, "quantity_units_free": units,
                "reason": "geste_commercial"}  # fmt: skip
        await self._ask("POST", f"/api/clients/{client_id}/credits", json=body)

    async def set_price(self, client_id: str, product: str, price: str, valid_from: date) -> None:
        body = {"product_code": product, "unit_price_eur": price, "valid_from": valid_from.isoformat()}
        await self._ask("POST", f"/api/clients/{client_id}/pricing/product", json=body)
