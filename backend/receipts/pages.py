"""The pages that the recipient of a batch sees: plain, in French, without script, without anybody's data."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from backend.core import weeks
from backend.receipts.models import Presented, Presenting

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{color:#595959}dd{margin:0}"
    "button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.3rem;background:#08603f;"
    "color:#fff;cursor:pointer}button:focus-visible{outline:3px solid #f5a623}"
)
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_DIGEST}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Robots-Tag": "noindex, nofollow",
}
STATUSES: dict[Presenting, int] = {"unknown": 404, "expired": 410, "asked": 200, "given": 200}


def page(shown: Presented) -> str:
    """The whole document for what a link leads to."""
    match shown.state:
        case "unknown":
            return _document("Lien non valable", _said("Ce lien ne correspond à aucune livraison.", _HOW))
        case "expired":
            return _document("Lien expiré", _said("Ce lien n'est plus valable.", _HOW))
        case "asked":
            form = '<form method="post"><button type="submit">Accuser réception</button></form>'
            return _document("Accuser réception d'une livraison", _facts(shown) + form)
        case "given":
            return _document("Réception confirmée", _thanks(shown) + _facts(shown))


_HOW = "Ouvrez le lien complet du message de livraison, ou répondez à ce message."


def _said(*sentences: str) -> str:
    return "".join(f"<p>{escape(one)}</p>" for one in sentences)


def _thanks(shown: Presented) -> str:
    when = f" le {weeks.paris(shown.at):%d/%m/%Y à %H:%M}" if shown.at else ""
    return _said(f"Merci : la réception a été confirmée{when} (heure de Paris).")


def _facts(shown: Presented) -> str:
    told = {"Expéditeur": shown.sender, "Fichier": shown.filename, "Nombre de leads": str(shown.leads)}
    told["Date"] = f"{shown.day:%d/%m/%Y}" if shown.day else ""
    return "<dl>" + "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in told.items()) + "</dl>"


def _document(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )
