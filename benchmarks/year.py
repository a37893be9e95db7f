"""Fourteen months of a house, in rows: made from documents that it wrote itself, with the dates, states and sizes of a
real one. A lot has the leads of one commande and one day; a week has its ledger lines, and its invoice.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from backend.audit.words import words_of
from backend.commandes.departements import NAMES
from backend.core import finding
from backend.core.clock import utcnow
from backend.core.ids import new_id
from backend.core.mongo import Doc
from backend.core.text import folded
from backend.core.weeks import week_bounds, week_of, week_of_day

DAYS = 420
_PREFIXES = ("019900", "026191", "035301", "046571", "053649")
_SURNAMES = ("Fournier", "Lefèvre", "Garnier", "Moreau", "Chevalier", "Petit", "Blanc", "Henry", "Roussel", "Perrin",
             "Simon", "Dubois", "Girard", "Bonnet", "Lambert", "Fontaine", "Rousseau", "Vincent", "Muller", "Faure",
             "Mercier", "Boyer", "Marchand", "Duval", "Denis", "Lemaire", "Noël", "Meyer", "Dufour")  # fmt: skip
_NAMES = ("Camille", "Jean", "Marie", "Nadia", "Hugo", "Inès", "Paul", "Léa", "Karim", "Sophie", "Louis", "Zoé")
_TRADES = ("Solaire", "Toiture", "Habitat", "Énergie", "Confort", "Maison", "Rénov", "Clim", "Chauffage", "Isolation")
_PRODUITS = ("PV", "PAC", "ITE")
_SOURCES = ("google", "meta", "bing", "taboola", "email", "")
_UNSOLD = ("no_open_orders", "duplicate", "lb", "invalid", "new", "hold_source", "hold_consent", "pending_config")
_WEIGHTS = (24, 20, 26, 16, 6, 3, 3, 2)
_RECENT = timedelta(days=8)  # what waits longer is of no use any more, or LB
_PRICES = (Decimal("22.00"), Decimal("25.00"), Decimal("28.50"), Decimal("35.00"))


@dataclass
class Year:
    """`models`: a document of each kind (see `benchmarks.fill`). `blocks` yields (collection, rows) to insert."""

    models: Mapping[str, Doc]
    now: datetime
    leads: int
    clients: int
    series: dict[str, int]
    """The last number of each series of invoices."""
    chance: random.Random = field(default_factory=lambda: random.Random(20260318))
    rows: dict[str, list[Doc]] = field(default_factory=lambda: defaultdict(list))
    orders: list[Doc] = field(default_factory=list)
    providers: list[Doc] = field(default_factory=list)
    _clients: dict[str, Doc] = field(default_factory=dict)
    _taken: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    _units: dict[tuple[str, str], list[Doc]] = field(default_factory=lambda: defaultdict(list))
    _waiting: dict[str, list[Doc]] = field(default_factory=lambda: defaultdict(list))
    _numbers: int = 0

    def blocks(self) -> Iterator[tuple[str, list[Doc]]]:
        self._people()
        first = self.now.date() - timedelta(days=DAYS)
        for n in range(DAYS + 1):
            until, since = (round(self.leads * one / (DAYS + 1)) for one in (n + 1, n))
            self._day(first + timedelta(days=n), until - since)
            if n % 14 == 13:
                yield from self._ready()
        self._close()
        yield from self._ready()

    def _ready(self) -> Iterator[tuple[str, list[Doc]]]:
        done, self.rows = self.rows, defaultdict(list)
        yield from done.items()

    def _of(self, kind: str, **change: Any) -> Doc:
        """A row like that model, that is not ready yet."""
        return {**self.models[kind], **change}

    def _made(self, kind: str, collection: str, **change: Any) -> Doc:
        doc = self._of(kind, **change)
        self.rows[collection].append(doc)
        return doc

    # -- who buys, who sells ---------------------------------------------------------------------------------

    def _people(self) -> None:
        start = self.now - timedelta(days=DAYS)
        for n in range(20):
            entity, name = ("ZR7", "MDL")[n % 2], f"Apporteur {n}"
            known = {"slug": f"apporteur-{n}", "api_key_sha256": f"bench-{n}", "created_at": start}
            one = self._made("provider", "providers", id=new_id(), entity=entity, name=name, **known)
            self.providers.append(one)
        for n in range(self.clients):
            self._buyer(n, start)

    def _buyer(self, n: int, start: datetime) -> None:
        entity = "ZR7" if n % 5 < 3 else "MDL"
        name = f"{_TRADES[n % len(_TRADES)]} {self.chance.choice(_SURNAMES)} {n}"
        email = f"client{n}@{entity.lower()}-buyers.fr"
        born = start + timedelta(days=self.chance.randrange(DAYS - 20) if n % 4 == 0 else 0)
        active = self.chance.random() < 0.9
        client = self._of(
            "client", id=new_id(), entity=entity, name=name, email=email, delivery_emails=[email],
            email_keys=[email], active=active, name_key=folded(name), delivered_total=0, delivered_weeks={},
            search_keys=sorted({folded(name), *folded(name).split(), email}), created_at=born, updated_at=born,
        )  # fmt: skip
        self._clients[client["id"]] = client
        self._event("client_created", "client", client["id"], entity, "admin@exemple.fr", {"name": name}, {}, born)
        self._made("activity", "client_activity", id=new_id(), client_id=client["id"], entity=entity, created_at=born)
        for produit in self.chance.sample(_PRODUITS, self.chance.choice((1, 1, 2, 3))):
            self._order(client, produit, n, born, active)

    def _order(self, client: Doc, produit: str, n: int, born: datetime, active: bool) -> None:
        areas = sorted(self.chance.sample(sorted(NAMES), self.chance.randint(4, 30)))
        given = {"entity": client["entity"], "client_id": client["id"]}
        order = self._made(
            "commande", "commandes", **given, id=new_id(), produit=produit, active=active and n % 11 != 0,
            departements=["*"] if n % 3 == 0 else areas, quota_semaine=self.chance.choice((0, 10, 20, 40, 60)),
            priorite=n % 10 + 1, opened_week=week_of(born), created_at=born, updated_at=born, notes="",
        )  # fmt: skip
        self._event("order_activate", "commande", order["id"], client["entity"], "admin@exemple.fr", {},
                    {"client_id": client["id"]}, born)  # fmt: skip
        price = self.chance.choice(_PRICES)
        self._made("price", "client_product_pricing", **given, id=new_id(), product_code=produit, created_at=born,
                   updated_at=born, unit_price_eur=price, valid_from="2025-01-01")  # fmt: skip
        end = born + timedelta(days=self.chance.randint(40, DAYS))
        weight = 1 / (1 + n % 50)  # a few big buyers, many small ones
        until = end.date() if active else born.date() + timedelta(90)
        self.orders.append({**order, "since": born.date(), "until": until, "weight": weight, "price": price})

    def _event(
        self,
        action: str,
        kind: str,
        key: str,
        entity: str,
        user: str,
        details: Doc,
        related: Mapping[str, str],
        at: datetime,
    ) -> None:
        self.rows["event_log"].append({
            "action": action, "entity_type": kind, "entity_id": key, "entity": entity, "user": user, "details": details,
            "related": dict(related), "id": new_id(), "refs": sorted({key, *related.values()}), "request_id": "",
            "words": words_of(action, user, details), "created_at": at,
        })  # fmt: skip

    # -- a day -----------------------------------------------------------------------------------------------

    def _day(self, day: date, leads: int) -> None:
        selling = {
            produit: [one for one in self.orders if one["produit"] == produit and one["since"] <= day <= one["until"]]
            for produit in _PRODUITS
        }
        weights = {key: [one["weight"] for one in some] for key, some in selling.items()}
        if day.weekday() < 5:
            self._leave(day)
        for _ in range(leads):
            at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(
                seconds=self.chance.randint(18_000, 72_000)
            )
            if at >= self.now:
                at = self.now - timedelta(seconds=self.chance.randint(60, 7_000))
            produit = self.chance.choices(_PRODUITS, (60, 25, 15))[0]
            sold = bool(selling[produit]) and self.chance.random() < 0.78
            order = self.chance.choices(selling[produit], weights[produit])[0] if sold else None
            self._lead(produit, at, order)
        if day.weekday() == 6:
            self._bill(day)
        if day == self.now.date():
            self._leave(day, late=True)

    def _lead(self, produit: str, at: datetime, order: Doc | None) -> None:
        self._numbers += 1
        phone = f"+33{_PREFIXES[self._numbers % 5][1:]}{self._numbers // 5 % 10_000:04d}"
        nom, prenom = self.chance.choice(_SURNAMES), self.chance.choice(_NAMES)
        email = f"{folded(prenom)}.{self._numbers}@exemple.fr"
        entity = order["entity"] if order and self._numbers % 12 else self.chance.choice(("ZR7", "MDL"))
        provider = self.chance.choice(self.providers) if self._numbers % 5 == 0 else None
        source = "" if provider else self.chance.choice(_SOURCES)
        areas = order["departements"] if order and order["departements"] != ["*"] else sorted(NAMES)
        status = "routed" if order else self.chance.choices(_UNSOLD, _WEIGHTS)[0]
        if status in {"no_open_orders", "new"} and at < self.now - _RECENT:
            status = "lb"
        lead = {
            "id": new_id(), "entity": entity, "lead_owner_entity": entity, "produit": produit, "status": status,
            "phone": phone, "phone_raw": phone, "nom": nom, "prenom": prenom, "email": email,
            "departement": self.chance.choice(areas),
            "source": source, "source_key": source, "utm_source": source, "created_at": at, "updated_at": at,
            "lead_source_type": "provider" if provider else "direct",
            "provider_id": provider["id"] if provider else None,
            "provider_slug": provider["slug"] if provider else None, "register_date": int(at.timestamp()),
            "keys": finding.person_keys(nom, prenom, email, phone), "is_lb": status == "lb",
            "lb_since": at + timedelta(days=9) if status == "lb" else None,
        }  # fmt: skip
        made = self._of("sold" if order else "unsold", **lead)
        related = {}
        if order:
            related = {"delivery_id": self._delivery(made, order, at)["id"]}
        else:
            self.rows["leads"].append(made)
        told = {"status": status, "produit": produit, "departement": made["departement"]}
        user = f"provider:{provider['slug']}" if provider else "public"
        self._event("lead_received", "lead", made["id"], entity, user, told, related, at)

    def _delivery(self, lead: Doc, order: Doc, at: datetime) -> Doc:
        client = self._clients[order["client_id"]]
        contact = {name: lead[name] for name in ("nom", "prenom", "phone", "email", "departement")}
        delivery = {
            **self.models["delivery"], "id": new_id(), "lead_id": lead["id"], "lead_entity": lead["entity"],
            "entity": order["entity"], "client_id": client["id"], "client_name": client["name"],
            "commande_id": order["id"], "produit": lead["produit"], "keys": lead["keys"], "created_at": at,
            "updated_at": at, "contact": {**contact, "proprietaire": "", "type_logement": ""},
            "is_lb": self.chance.random() < 0.1, "price": order["price"], "lead": lead,
        }  # fmt: skip
        lead |= {
            "delivery_id": delivery["id"], "delivery_entity": order["entity"], "delivery_client_id": client["id"],
            "delivery_client_name": client["name"], "delivery_commande_id": order["id"], "routed_at": at,
            "considered": [{**lead["considered"][0], "commande_id": order["id"], "client_id": client["id"],
                            "client_name": client["name"], "entity": order["entity"]}],
        }  # fmt: skip
        self._waiting[order["id"]].append(delivery)
        return delivery

    # -- 09:30 -----------------------------------------------------------------------------------------------

    def _leave(self, day: date, *, late: bool = False) -> None:
        """What was reserved leaves, one lot for each commande. `late`: what came after, and waits for tomorrow."""
        waiting, self._waiting = self._waiting, defaultdict(list)
        at = datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC)
        for n, rows in enumerate(waiting.values()):
            if late:
                for one in rows:
                    self._reserved(one, at + timedelta(days=1))
            else:
                self._lot(rows, at + timedelta(milliseconds=300 * n), n, day)

    def _reserved(self, one: Doc, at: datetime) -> None:
        del one["price"]
        self.rows["leads"].append({**one.pop("lead"), "status": "routed", "sold_to": [], "delivered_at": None})
        one.pop("accepted_at", None)
        one |= dict.fromkeys(("outcome", "batch_id", "csv_filename", "sent_week", "last_sent_at"))
        one |= {"status": "pending_csv", "sent_to": [], "send_attempts": 0}
        self.rows["deliveries"].append({**one, "week": week_of(at), "due_day": f"{at:%Y-%m-%d}"})
        self._count(one["commande_id"], one["entity"], at, taken=1)

    def _lot(self, rows: Sequence[Doc], at: datetime, n: int, day: date) -> None:
        first, key = rows[0], new_id()
        client = self._clients[first["client_id"]]
        name = f"{first['entity']}_{first['produit']}_{day}_{n + 10}.csv"  # after those of the house
        named = {"entity": first["entity"], "client_id": client["id"]}
        proof: Doc = {"acknowledgement": "asked", "acknowledged_at": None}
        if n % 2:
            proof = {"acknowledgement": "given", "acknowledged_at": at}
        batch = self._made(
            "batch", "delivery_batches", **named, **proof, id=key, client_name=client["name"], produit=first["produit"],
            commande_id=first["commande_id"], delivery_ids=[one["id"] for one in rows], lead_count=len(rows),
            fresh_count=sum(not one["is_lb"] for one in rows), lb_count=sum(one["is_lb"] for one in rows),
            csv_filename=name, day=f"{day}", created_at=at, handed_over_at=at, sent_at=at, sent_week=week_of(at),
            recipients=client["delivery_emails"],
        )  # fmt: skip
        fails = self.chance.random() < 0.002 and at > self.now - timedelta(days=20)
        if fails:
            batch |= {"status": "failed", "sent_at": None, "sent_week": None}
        self._message(batch, client, at, fails)
        for one in rows:
            self._gone(one, batch, client, at, fails)
        if not fails:
            client["delivered_total"] += len(rows)
            weeks = client["delivered_weeks"]
            weeks[week_of(at)] = weeks.get(week_of(at), 0) + len(rows)
            client["last_delivery_at"] = at

    def _message(self, batch: Doc, client: Doc, at: datetime, fails: bool) -> None:
        row = f"batch:{batch['id']}:smtp:{client['id'][:8]}"
        state = "dead" if fails else "sent"
        told = {"entity": batch["entity"], "channel": f"smtp:{batch['entity']}"}
        self._made("message", "outbox", _id=row, id=row, **told, batch_id=batch["id"], client_id=client["id"],
                   state=state, to=client["email"], created_at=at, first_attempt_at=at, data_at=at,
                   sent_at=None if fails else at, next_at=utcnow(),
                   message_id=f"<{batch['id']}@exemple.fr>")  # fmt: skip
        self._made("attempt", "outbox_attempts", _id=f"{row}#1", outbox_id=row, **told, at=at)

    def _gone(self, one: Doc, batch: Doc, client: Doc, at: datetime, fails: bool) -> None:
        price, lead = one.pop("price"), one.pop("lead")
        refused = not fails and self.chance.random() < 0.07
        day, week = at.date(), week_of(at)
        one |= {"status": "sent", "outcome": "accepted", "batch_id": batch["id"], "csv_filename": batch["csv_filename"],
                "sent_to": client["delivery_emails"], "last_sent_at": at, "sent_week": week, "week": week,
                "due_day": f"{day}", "updated_at": at, "accepted_at": at}  # fmt: skip
        lead |= {"sold_to": [], "delivered_at": None}
        if fails:
            one |= dict.fromkeys(("outcome", "last_sent_at", "sent_week"))
            one |= {"status": "failed", "last_error": "550 5.7.1"}
        elif refused:
            one |= {"outcome": "rejected", "rejection_reason": "faux_numero", "holds_place": False, "current": False}
            lead |= {
                "status": "invalid",
                "delivery_id": None,
                "refused_clients": [client["id"]],
                "sold_to": [client["id"]],
            }
        else:
            lead |= {"status": "livre", "delivered_at": at, "delivered_to_client_id": client["id"],
                     "delivered_to_client_name": client["name"], "sold_to": [client["id"]]}  # fmt: skip
        self.rows["deliveries"].append(one)
        self.rows["leads"].append(lead)
        self._count(one["commande_id"], one["entity"], at, taken=not refused, sent=not (refused or fails))
        related = {"lead_id": lead["id"], "client_id": client["id"], "commande_id": one["commande_id"]}
        action = "delivery_failed" if fails else "send_delivery"
        self._event(action, "delivery", one["id"], one["entity"], "system", {"to": one["sent_to"]}, related, at)
        if at > self.now - timedelta(days=30):
            claim = f"{client['id']}|{one['produit']}|{lead['phone']}|{one['id']}"
            self._made("claim", "dedup_claims", _id=claim, delivery_id=one["id"], lead_id=lead["id"], taken_at=at)
        if not fails:
            self._unit(one, lead, price, at, refused)

    def _unit(self, one: Doc, lead: Doc, price: Decimal, at: datetime, refused: bool) -> None:
        key = f"unit:{one['id']}"
        unit = self._made(
            "unit", "billing_ledger", _id=key, id=key, entity=one["entity"], source_entity=one["lead_entity"],
            client_id=one["client_id"], client_name=one["client_name"], order_id=one["commande_id"],
            delivery_id=one["id"], lead_id=lead["id"], product_code=one["produit"], dept=lead["departement"],
            unit_type="lb" if one["is_lb"] else "lead", unit_price_eur_snapshot=price, net_unit_eur=price,
            week_key=one["sent_week"], sent_week=one["sent_week"], sent_at=at, value_at=at, at=at,
        )  # fmt: skip
        if refused:
            back = f"reversal:{one['id']}"
            late = min(at + timedelta(hours=self.chance.randint(3, 40)), self.now)
            self.rows["billing_ledger"].append({
                **unit, "_id": back, "id": back, "kind": "reversal", "quantity": -1, "reverses": key, "at": late,
                "value_at": late, "outcome": "rejected", "by": "ops@exemple.fr",
            })  # fmt: skip
            self._event("delivery_rejected", "delivery", one["id"], one["entity"], "ops@exemple.fr",
                        {"reason": "faux_numero"}, {"lead_id": lead["id"]}, late)  # fmt: skip
        else:
            self._units[one["client_id"], one["sent_week"]].append(unit)
        if one["lead_entity"] != one["entity"]:
            self._made("transfer", "intercompany_transfers", id=new_id(), lead_id=lead["id"], delivery_id=one["id"],
                       commande_id=one["commande_id"], from_entity=one["lead_entity"], to_entity=one["entity"],
                       product=one["produit"], week_key=one["sent_week"], sent_at=at, created_at=at,
                       transfer_status="cancelled" if refused else "pending")  # fmt: skip

    def _count(self, order_id: str, entity: str, at: datetime, *, taken: int, sent: int = 0) -> None:
        place = self._taken.setdefault((order_id, week_of(at)), [0, 0, ("ZR7", "MDL").index(entity)])
        place[0] += taken
        place[1] += sent

    # -- a week ----------------------------------------------------------------------------------------------

    def _bill(self, sunday: date) -> None:
        """The week that ends is closed and invoiced, client by client; the last one is left as people find it."""
        week = week_of_day(sunday)
        at = week_bounds(week)[1] + timedelta(hours=8)
        for client_id, key in [pair for pair in self._units if pair[1] == week]:
            units, client = self._units.pop((client_id, key)), self._clients[client_id]
            last = at > self.now - timedelta(days=7)
            state = ("open" if last and self.chance.random() < 0.5 else "invoiced") if at < self.now else "open"
            invoice_id = new_id() if state == "invoiced" else None
            if invoice_id:
                self._invoice(invoice_id, client, week, units, at, draft=last)
            self._made("week", "billing_weeks", _id=f"{client_id}|{week}", entity=client["entity"], client_id=client_id,
                       week_key=week, state=state, touched=len(units), invoice_id=invoice_id,
                       closed_at=at if invoice_id else None)  # fmt: skip

    def _invoice(self, key: str, client: Doc, week: str, units: Sequence[Doc], at: datetime, *, draft: bool) -> None:
        lines = [
            {**self.models["weekly"]["line_items"][0], "product_code": produit, "quantity": len(some),
             "unit_price_ht": some[0]["net_unit_eur"], "net_unit_ht": some[0]["net_unit_eur"],
             "total_ht": sum((one["net_unit_eur"] for one in some), Decimal())}
            for produit in _PRODUITS if (some := [one for one in units if one["product_code"] == produit])
        ]  # fmt: skip
        net = sum((one["total_ht"] for one in lines), Decimal())
        vat = (net / 5).quantize(Decimal("0.01"))
        entity, issued = client["entity"], not draft
        number = self._number(f"{entity}-{at.year}") if issued else None
        paid = issued and at < self.now - timedelta(days=25) and self.chance.random() < 0.97
        known = finding.word_keys(client["name"]) | (finding.number_keys(number) if number else set())
        self._made(
            "issued" if issued else "weekly", "invoices", id=key, origin_key=f"week:{client['id']}:{week}",
            week_key=week, entity=entity, client_id=client["id"], client_name=client["name"], invoice_number=number,
            line_items=lines, vat_breakdown=[{"rate": Decimal(20), "base_ht": net, "vat": vat}],
            amount_ht=net, vat_amount=vat,
            amount_ttc=net + vat, paid_amount=net + vat if paid else Decimal(), units=len(units), keys=sorted(known),
            status="paid" if paid else "issued" if issued else "draft", issued_at=at if issued else None,
            issue_date=f"{at:%Y-%m-%d}" if issued else None, created_at=at, updated_at=at,
            due_at=f"{at + timedelta(days=30):%Y-%m-%d}" if issued else None,
            paid_at=at + timedelta(days=20) if paid else None,
        )  # fmt: skip
        self._event("invoice_issued", "invoice", key, entity, "admin@exemple.fr", {"number": number or ""},
                    {"client_id": client["id"]}, at)  # fmt: skip
        for one in units if issued else ():
            self._made("bound", "invoice_units", _id=one["id"], id=one["id"], invoice_id=key, entity=entity,
                       client_id=client["id"], delivery_id=one["delivery_id"])  # fmt: skip
        if paid:
            self._made("payment", "invoice_payments", id=new_id(), invoice_id=key, entity=entity, amount=net + vat,
                       paid_on=f"{at + timedelta(days=20):%Y-%m-%d}", at=at + timedelta(days=20))  # fmt: skip

    def _number(self, series: str) -> str:
        self.series[series] = self.series.get(series, 0) + 1
        return f"{series}-{self.series[series]:06d}"

    def _close(self) -> None:
        """The buyers, what is still open, and the counters of every week."""
        self.rows["clients"] = list(self._clients.values())
        for (client_id, week), units in self._units.items():
            self._made("week", "billing_weeks", _id=f"{client_id}|{week}", client_id=client_id, week_key=week,
                       entity=self._clients[client_id]["entity"], touched=len(units), state="open")  # fmt: skip
        caps = {one["id"]: one["quota_semaine"] for one in self.orders}
        for (order_id, week), (taken, sent, entity) in self._taken.items():
            cap = max(caps[order_id], taken) if caps[order_id] else None
            caps_of = dict.fromkeys(("cap", "cap_max", "fresh_cap"), cap)
            self._made("counter", "quota_counters", _id=f"{order_id}:{week}", commande_id=order_id, week=week,
                       **caps_of, taken=taken, used=taken, sent=sent, entity=("ZR7", "MDL")[entity])  # fmt: skip
