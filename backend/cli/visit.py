"""The checklist after a deployment: what the server answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from backend import __version__
from backend.cli.findings import Finding, bad, ok, warn
from backend.core.clock import utcnow

_TEST_LEAD = {
    "phone": "04 65 71 00 69",
    "nom": "Essai",
    "prenom": "Contrôle",
    "departement": "69",
    "produit": "PV",
    "test": True,
}


class Visit:
    """One visitor of the server at `url`."""

    def __init__(self, url: str, entity: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=15, trust_env=False)
        self._entity = entity
        self._session: dict[str, str] = {}

    def findings(self, email: str | None, password: str, lead: bool) -> Iterator[Finding]:
        """Health and version; then, as asked, a login, the state of the modules, a test lead."""
        yield self._health()
        yield self._version()
        if email:
            yield self._login(email, password)
        if self._session:
            yield self._modules()
        if lead:
            yield from self._test_lead()

    def _ask(self, method: str, path: str, **options: Any) -> tuple[int, dict[str, Any]]:
        """Status and JSON body; 0 when nobody answers."""
        try:
            answer = self._http.request(method, path, headers=self._session, **options)
            return answer.status_code, answer.json()
        except httpx.HTTPError as exc:
            return 0, {"detail": f"pas de réponse ({type(exc).__name__})"}
        except ValueError:
            return answer.status_code, {"detail": "réponse illisible"}

    def _health(self) -> Finding:
        status, body = self._ask("GET", "/health")
        if status == 200:
            return ok("santé", f"GET /health répond en 200 ({body.get('status', 'ok')})")
        return bad("santé", f"GET {self._http.base_url}health : {status or ''} {body.get('detail', body)}")

    def _version(self) -> Finding:
        status, body = self._ask("GET", "/api/system/version")
        if status != 200:
            return bad("version", f"{status or ''} {body.get('detail', body)}")
        if body.get("version") != __version__:
            return bad("version", f"le serveur dit {body.get('version')}, pas {__version__} : redémarrez backend.")
        return ok("version", f"{body['version']} ({body.get('git_sha', '')!s:.12})")

    def _login(self, email: str, password: str) -> Finding:
        status, body = self._ask("POST", "/api/auth/login", json={"email": email, "password": password})
        if status != 200 or "token" not in body:
            return bad("connexion", f"{status or ''} {body.get('detail', body)}")
        self._session = {"Authorization": f"Bearer {body['token']}"}
        return ok("connexion", f"{email} ({body.get('user', {}).get('role', '')})")

    def _modules(self) -> Finding:
        status, body = self._ask("GET", "/api/system/health")
        if status != 200:
            return bad("modules", f"{status or ''} {body.get('detail', body)}")
        modules = body.get("modules", {})
        ill = [f"{name} {one.get('status')}" for name, one in modules.items() if one.get("status") != "healthy"]
        if body.get("status") == "healthy":
            return ok("modules", f"{len(modules)} modules, tous en ordre")
        text = f"{body.get('status')} : {', '.join(ill)}"
        return warn("modules", text) if body.get("status") == "warning" else bad("modules", text)

    def _test_lead(self) -> Iterator[Finding]:
        """A lead marked `test`: checked and answered like any other, never delivered."""
        consent = {
            "given": True,
            "text": "Essai technique",
            "at": utcnow().isoformat(),
            "url": str(self._http.base_url),
        }
        body = {**_TEST_LEAD, "entity": self._entity, "consent": consent}
        status, answer = self._ask("POST", "/api/public/leads", json=body)
        if status not in {200, 201} or not answer.get("lead_id"):
            yield bad("lead d'essai", f"{status or ''} {answer.get('detail', answer)}")
            return
        yield ok("lead d'essai", f"{answer['status']} : {answer['lead_id']}")
        if self._session:
            yield self._listed(str(answer["lead_id"]))

    def _listed(self, lead_id: str) -> Finding:
        status, body = self._ask("GET", f"/api/leads/{lead_id}")
        if status == 200:
            return ok("lead visible", "le lead d'essai se lit avec ce compte")
        return bad("lead visible", f"{status or ''} {body.get('detail', body)}")
