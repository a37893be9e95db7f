"""The document of an invoice, kept once it is issued; sending it by e-mail through the outbox."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Mapping, Sequence

from backend.batches.message import Sender
from backend.clients.service import ClientsService
from backend.core.errors import BadRequest, Conflict, InvalidInput
from backend.core.ids import new_id
from backend.core.mongo import Tx
from backend.core.tenancy import Scope
from backend.documents.facturx import render
from backend.documents.wording import euros
from backend.invoices.identity import Identities
from backend.invoices.models import Invoice
from backend.invoices.paper import DRAFT, document
from backend.invoices.service import InvoicesService
from backend.outbox.models import NewRow, Row
from backend.outbox.service import OutboxService
from backend.parametres.service import ParametresService

_NAMES = {"invoice": "facture", "credit_note": "avoir", "prepayment": "facture d'acompte", "intercompany": "facture"}


class Mailing:
    def __init__(
        self,
        invoices: InvoicesService,
        identities: Identities,
        clients: ClientsService,
        parametres: ParametresService,
        outbox: OutboxService,
        senders: Mapping[str, Sender],
    ) -> None:
        self._invoices = invoices
        self._identities = identities
        self._clients = clients
        self._parametres = parametres
        self._outbox = outbox
        self._senders = senders

    async def pdf(self, scope: Scope, invoice_id: str) -> tuple[str, bytes]:
        """(file name, Factur-X). An issued document is made once and kept; a draft's is a look at what it would be."""
        return await self.file(await self._invoices.get(scope, invoice_id))

    async def file(self, invoice: Invoice) -> tuple[str, bytes]:
        """The same, of an invoice already read."""
        name = f"{invoice.invoice_number or DRAFT}.pdf"
        if invoice.draft:
            parties = await self._identities.of(invoice, demand=False)
            looked = invoice.model_copy(update=parties)
            return name, await asyncio.to_thread(render, document(looked, self._invoices.today))
        kept = await self._invoices.store.file(invoice.id)
        if kept is None:
            made = await asyncio.to_thread(render, document(invoice, self._invoices.today))
            kept = await self._invoices.store.keep_file(
                invoice.id, invoice.entity, made, hashlib.sha256(made).hexdigest()
            )
        return name, kept

    async def send(self, scope: Scope, invoice_id: str, to: Sequence[str], by: str) -> tuple[Invoice, list[str]]:
        """Issue a draft, then put one e-mail per address in line, the document attached.

        While the entity is in simulation one marked copy goes to its address instead, and counts as no sending.
        """
        invoice = await self._invoices.get(scope, invoice_id)
        addresses = await self._addresses(invoice, to)
        if invoice.draft:
            invoice = await self._invoices.issue(scope, invoice_id, by)
        if invoice.status == "void":
            raise Conflict("Cette facture est annulée par un avoir.")
        name, pdf = await self.file(invoice)
        simulation = (await self._parametres.current()).simulation(invoice.entity)
        addresses = [simulation] if simulation else addresses
        rows = [self._row(invoice, address, name, pdf, simulated=bool(simulation)) for address in addresses]
        told = {"to": addresses, "simulated": bool(simulation)}

        async def work(tx: Tx) -> None:
            await self._outbox.enqueue(tx, rows)
            await self._invoices.tell(tx, "invoice_send_asked", invoice, by, told)

        await self._invoices.mongo.transaction(work)
        self._outbox.poke()
        return invoice, addresses

    async def _addresses(self, invoice: Invoice, given: Sequence[str]) -> list[str]:
        """Those given, which must be the client's own; the billing address when none is."""
        if invoice.client_id is None:
            raise BadRequest("Une facture intersociétés ne s'envoie pas par e-mail.")
        client = (await self._clients.by_ids([invoice.client_id]))[invoice.client_id]
        own = {client.email, client.billing_email, *client.delivery_emails} - {""}
        asked = [one.strip().lower() for one in given] or [client.billing_email or client.email]
        strangers = [one for one in asked if one not in {each.lower() for each in own}]
        if strangers:
            raise InvalidInput({"to": f"Pas une adresse de ce client : {', '.join(strangers)}"})
        return asked

    def _row(self, invoice: Invoice, address: str, name: str, pdf: bytes, *, simulated: bool) -> NewRow:
        sender, word = self._senders[invoice.entity], _NAMES[invoice.type]
        subject = f"{word.capitalize()} {invoice.invoice_number} - {sender.name}"
        payload = {
            "from": sender.address,
            "from_name": sender.name,
            "subject": f"[SIMULATION] {subject}" if simulated else subject,
            "text": _text(invoice, sender.name, word, name),
            "filename": name,
            "pdf": base64.b64encode(pdf).decode(),
            "invoice_id": invoice.id,
            "simulated": simulated,
        }
        return NewRow(
            id=f"invoice:{invoice.id}:{new_id()}",
            kind="invoice",
            channel=f"smtp:{invoice.entity}",
            entity=invoice.entity,
            client_id=invoice.client_id or "",
            to=address,
            payload=payload,
        )

    async def on_row(self, tx: Tx, row: Row) -> None:
        """The buyer's server accepted the invoice: when, and which address."""
        if row.state == "sent" and not row.payload.get("simulated"):
            await self._invoices.store.note_sent(tx, str(row.payload["invoice_id"]), row.to, row.sent_at)


def _text(invoice: Invoice, brand: str, word: str, name: str) -> str:
    owed = invoice.type != "credit_note" and invoice.balance > 0 and invoice.due_at
    due = f" Elle est à régler au plus tard le {_day(invoice.due_at)}." if owed and invoice.due_at else ""
    return (
        "Bonjour,\n\n"
        f"Vous trouverez en pièce jointe notre {word} n° {invoice.invoice_number}, d'un montant de "
        f"{euros(invoice.amount_ttc)} TTC ({invoice.description or 'leads livrés'}).{due}\n\n"
        f"Le fichier {name} est au format Factur-X : votre logiciel de comptabilité peut le lire directement.\n\n"
        "Cordialement,\n"
        f"{brand}\n"
    )


def _day(text: str) -> str:
    return f"{text[8:10]}/{text[5:7]}/{text[:4]}"
