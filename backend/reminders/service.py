"""Use cases of reminders: what would leave, sending it through the outbox, what became of it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from backend.batches.message import Sender
from backend.clients.models import Client
from backend.clients.service import ClientsService
from backend.core.errors import Conflict, InvalidInput, NotFound
from backend.core.mongo import Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.core.weeks import paris_day
from backend.invoice_mail.service import Mailing
from backend.invoices import rules as invoices_rules
from backend.invoices.models import Invoice, ReminderLevel
from backend.invoices.service import InvoicesService
from backend.outbox.models import NewRow, Row
from backend.outbox.service import OutboxService
from backend.parametres.models import Parametres
from backend.parametres.service import ParametresService
from backend.reminders import rules
from backend.reminders.models import Previous, Reminded, Reminder, ReminderBody, ReminderDraft
from backend.reminders.store import RemindersStore

_STANDING = {"pending", "leased", "sent", "uncertain"}
"""States of a reminder that left, or still may."""
_CHANGED = "Les factures en retard de ce client viennent de changer. Relisez la relance."


@dataclass(frozen=True, slots=True)
class Late:
    """A client and what it owes past its day, the oldest first."""

    client: Client
    invoices: list[Invoice]
    rows: list[Reminded]
    settings: Parametres

    @property
    def simulation(self) -> str | None:
        """The address that receives everything while the entity is in simulation."""
        return self.settings.simulation(self.client.entity)


class Reminders:
    """Owns `reminders`. `senders`: who signs the e-mails of each entity."""

    def __init__(
        self,
        store: RemindersStore,
        invoices: InvoicesService,
        mailing: Mailing,
        clients: ClientsService,
        parametres: ParametresService,
        outbox: OutboxService,
        senders: Mapping[str, Sender],
    ) -> None:
        self.store = store
        self._invoices = invoices
        self._mailing = mailing
        self._clients = clients
        self._parametres = parametres
        self._outbox = outbox
        self._senders = senders

    async def page(self, scope: Scope, client_id: str | None, invoice_id: str | None, page: Page) -> Paged[Reminder]:
        return await self.store.page(scope, client_id, invoice_id, page)

    async def draft(self, scope: Scope, client_id: str, invoice_id: str, level: ReminderLevel | None) -> ReminderDraft:
        """The message that would leave now, at the level that follows the history unless one is given."""
        late = await self._late(scope, client_id, invoice_id)
        suggested = rules.suggested([one.reminder_level for one in late.invoices])
        chosen = level or suggested
        last = await self.store.page(scope, client_id, invoice_id or None, Page(1, 0))
        today = self._standing(await self.store.of_day(client_id, chosen, self._day), late)
        before = [one.reminded_at for one in late.invoices if one.reminded_at]
        brand = self._senders[late.client.entity].name
        return ReminderDraft(
            client_id=client_id,
            client_name=late.client.name,
            entity=late.client.entity,
            to=_billing(late.client),
            addresses=_addresses(late.client),
            simulation=late.simulation,
            level=chosen,
            suggested=suggested,
            subject=rules.subject(chosen, late.rows, brand),
            message=rules.message(chosen, late.rows, paris_day(max(before)) if before else None),
            tail=self._tail(chosen, late),
            invoices=late.rows,
            total_due=rules.owed(late.rows),
            attached=min(len(late.rows), rules.MOST_FILES),
            last=_previous(last.rows),
            today=_previous(today[-1:]),
        )

    async def send(self, scope: Scope, body: ReminderBody, by: str) -> Reminder:
        """Put the message in line. Twice the same client and level on one Paris day is refused unless confirmed."""
        late = await self._late(scope, body.client_id, body.invoice_id)
        if rules.owed(late.rows) != body.expected_total:
            raise Conflict(_CHANGED, code="reminder_changed")
        text = f"{body.message.strip()}\n\n{self._tail(body.level, late)}"
        to = self._recipient(late, body.to)
        files = [await self._mailing.file(one) for one in late.invoices[: rules.MOST_FILES]]

        async def work(tx: Tx) -> Reminder:
            again = await self._late(scope, body.client_id, body.invoice_id, tx=tx)
            if again.rows != late.rows:
                raise Conflict(_CHANGED, code="reminder_changed")
            same = await self.store.of_day(body.client_id, body.level, self._day, tx=tx)
            if self._standing(same, late) and not body.again:
                raise Conflict("Ce client a déjà reçu cette relance aujourd'hui.", code="already_reminded")
            one = self._reminder(late, body, f"{body.client_id}:{body.level}:{self._day}:{len(same) + 1}", to, text, by)
            await self.store.insert(tx, one)
            await self._outbox.enqueue(tx, [self._row(one, files)])
            for invoice in late.invoices:
                told = {"level": one.level, "to": to, "simulated": one.simulated}
                await self._invoices.tell(tx, "invoice_reminder_asked", invoice, by, told)
            return one

        reminder = await self._invoices.mongo.transaction(work, races=True)
        self._outbox.poke()
        return reminder

    async def settled(self, reminder_id: str) -> str:
        """Why this reminder may not leave any more; empty when all that it says is still owed."""
        one = await self.store.get(reminder_id)
        if one is None:
            return "Relance introuvable."
        now = await self._invoices.store.by_ids([each.invoice_id for each in one.invoices])
        return rules.settled(one, {each.id: each for each in now}, self._invoices.today)

    async def on_row(self, tx: Tx, row: Row) -> None:
        """The reminder follows its message; once accepted by the client's server, its invoices say so."""
        change = {"state": row.state, "to": row.to, "sent_at": row.sent_at, "error": row.last_error}
        if row.replaced_by:  # the row of the corrected address, told next, is what it becomes
            return
        one = await self.store.change(tx, str(row.payload["reminder_id"]), change)
        if one is not None and one.state == "sent" and not one.simulated:
            ids = [each.invoice_id for each in one.invoices]
            await self._invoices.store.note_reminded(tx, ids, one.level, one.sent_at)

    # -- parts -----------------------------------------------------------------------------------------------

    @property
    def _day(self) -> str:
        return self._invoices.today.isoformat()

    async def _late(self, scope: Scope, client_id: str, invoice_id: str, tx: Tx | None = None) -> Late:
        """What the client owes past its day: all of it, or one invoice. 404 when nothing is."""
        client = (await self._clients.by_ids([client_id], tx=tx)).get(client_id)
        if client is None or not scope.allows(client.entity):
            raise NotFound("Client introuvable.")
        today: date = self._invoices.today
        due = await self._invoices.store.overdue_of(scope, client_id, today.isoformat(), tx=tx)
        kept = [one for one in due if invoices_rules.overdue(one, today) and invoice_id in {"", one.id}]
        if not kept:
            what = "Cette facture n'est pas" if invoice_id else "Aucune facture de ce client n'est"
            raise NotFound(f"{what} en retard : il n'y a rien à relancer.", code="nothing_overdue")
        rows = [rules.reminded(one, today) for one in kept]
        return Late(client, kept, rows, await self._parametres.current())

    def _tail(self, level: ReminderLevel, late: Late) -> str:
        entity = late.client.entity
        legal = late.settings.legal(entity)
        due = rules.penalties(late.invoices, legal)
        return rules.tail(level, late.rows, due, legal, self._senders[entity].name)

    def _recipient(self, late: Late, given: str) -> str:
        """The simulation's address, else the one given, which must be the client's own, else that of billing."""
        to = given.strip().lower() or _billing(late.client)
        if not to:
            raise InvalidInput({"to": "Ce client n'a pas d'adresse de facturation : complétez sa fiche."})
        if to not in _addresses(late.client):
            raise InvalidInput({"to": f"Pas une adresse de ce client : {to}"})
        if to.casefold() in late.settings.suppressed(late.client.entity) and not late.simulation:
            raise InvalidInput({"to": "Cette adresse est écartée : son serveur dit qu'elle n'existe pas."})
        return late.simulation or to

    def _standing(self, same: Sequence[Reminder], late: Late) -> list[Reminder]:
        """Those that left or may leave, copies of the simulation apart."""
        return [one for one in same if one.state in _STANDING and one.simulated == bool(late.simulation)]

    def _reminder(self, late: Late, body: ReminderBody, key: str, to: str, text: str, by: str) -> Reminder:
        return Reminder(
            id=key,
            entity=late.client.entity,
            client_id=late.client.id,
            client_name=late.client.name,
            level=body.level,
            day=self._day,
            to=to,
            subject=f"[SIMULATION] {body.subject}" if late.simulation else body.subject,
            text=text,
            invoices=late.rows,
            total_due=rules.owed(late.rows),
            simulated=bool(late.simulation),
            state="pending",
            created_at=self._invoices.clock.now(),
            created_by=by,
        )

    def _row(self, one: Reminder, files: Sequence[tuple[str, bytes]]) -> NewRow:
        sender = self._senders[one.entity]
        joined = [{"filename": name, "pdf": base64.b64encode(pdf).decode()} for name, pdf in files]
        payload = {
            "from": sender.address,
            "from_name": sender.name,
            "subject": one.subject,
            "text": one.text,
            "files": joined,
            "filename": ", ".join(name for name, _ in files),
            "reminder_id": one.id,
        }
        return NewRow(
            id=f"reminder:{one.id}",
            kind="invoice_reminder",
            channel=f"smtp:{one.entity}",
            entity=one.entity,
            client_id=one.client_id,
            to=one.to,
            payload=payload,
        )


def _billing(client: Client) -> str:
    return (client.billing_email or client.email).lower()


def _addresses(client: Client) -> list[str]:
    own = [client.billing_email, client.email, *client.delivery_emails]
    return list(dict.fromkeys(one.lower() for one in own if one))


def _previous(rows: Sequence[Reminder]) -> Previous | None:
    return Previous(level=rows[0].level, at=rows[0].created_at, by=rows[0].created_by) if rows else None
