"""What a French page must not show: codes of the machine, English, a text whose key is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from backend.bootstrap import Parts
from backend.server import create_app

SHOWN = """() => {
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.parentElement;
    if (!at || at.closest("script, style, code, pre, textarea") || !at.checkVisibility()) continue;
    said.push(walker.currentNode.data);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"])
    for (const one of document.querySelectorAll(`[${name}]`)) said.push(one.getAttribute(name));
  return said.map(one => one.trim()).filter(Boolean);
}"""
"""Every text of the page that is seen or read aloud."""

FRENCH = {"test", "instant", "action", "page", "client", "commande", "lead", "facture", "note", "source", "place",
          "solde", "date", "normal", "autre", "doublon", "virement", "carte", "compensation", "locataire", "web",
          "ancien", "permanent", "retard", "bug", "saisie", "close", "direct", "admin", "contact", "encaissements",
          "file", "global", "leads", "livre", "mode", "produit", "production", "quota", "total", "type", "csv", "api",
          "fec", "ttc", "hmac", "sources"}  # fmt: skip
"""Values of the API that are also words of ours."""
# fmt: off
ENGLISH = {
    "the", "and", "with", "your", "status", "pending", "failed", "loading", "search", "save", "saved",
    "cancel", "delete", "edit", "update", "updated", "error", "success", "settings", "users", "unknown",
    "undefined", "null", "nan", "true", "false", "none", "yes", "invalid", "warning", "required", "submit",
    "close", "open", "next", "previous", "week", "month", "order", "orders", "price", "amount", "invoice",
    "invoices", "delivery", "deliveries", "batch", "queue", "retry", "resend", "sent", "rejected", "removed",
    "accepted", "ready", "sending", "uncertain", "cancelled", "routed", "duplicate", "healthy", "degraded",
    "disabled", "enabled", "active", "inactive", "paused",
}
# fmt: on
_CODE = re.compile(r"(?<![\w@.-])[a-z]+(?:_[a-z0-9]+)+(?![\w@])")
_WORD = re.compile(r"[A-Za-zÀ-ÿ_]+")
_DATA = re.compile(
    r"\b(?:super_admin|admin|ops|viewer) (?:ZR7|MDL)\b|\S+@\S+|https?://\S+|\S+\.(?:csv|pdf|test|fr)\b|\b[A-Za-z]+:\S+|\bprov_\S+"
)


@cache
def codes(parts: Parts) -> frozenset[str]:
    """Every value of every enum of the API, but figures and names that are shown as they are."""
    values = {one for one in _values(create_app(parts=parts).openapi()) if re.fullmatch(r"[a-z][a-z_0-9]{2,}", one)}
    return frozenset(values - FRENCH)


def _values(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        told = [*node.get("enum", []), node.get("const")] if isinstance(node.get("enum", []), list) else []
        yield from (one for one in told if isinstance(one, str))
        for inner in node.values():
            yield from _values(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _values(inner)


def machine_words(texts: list[str], known: frozenset[str]) -> list[str]:
    """The texts that show a code, an English word, or a hole where a value should be."""
    return [f"{wrong} in « {text} »" for text in texts if (wrong := _wrong(_DATA.sub(" ", text), known))]


def _wrong(text: str, known: frozenset[str]) -> str:
    if found := re.search(r"{{|}}|\[object|Invalid Date", text) or _CODE.search(text):
        return found[0]
    return next((one for one in _WORD.findall(text) if one in known or one.lower() in ENGLISH - FRENCH), "")
