"""Which addresses we may call: the guard against being made to call ourselves (SSRF). Pure: it resolves no name.

Asked twice: when an address is saved, and at every call, on the very IP address that is then used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

PORTS = frozenset({443, 8443})
URL_MAX = 2000
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_OURS = ("localhost", "local", "internal", "lan", "home", "corp", "intranet", "home.arpa", "onion")
_REFUSED = tuple(
    ip_network(one)
    for one in ("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10", "2001::/23", "2002::/16", "3fff::/20")
)
_GLOBAL_UNICAST = ip_network("2000::/3")  # outside it: mapped, compatible, NAT64, site-local, link-local, multicast
_FORM = "Adresse https:// attendue, par exemple https://api.client.fr/leads."


class BadAddress(ValueError):
    """We do not call there; the text says why, in French."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads. `host` is ASCII: a name, or an IP address without brackets."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The `Host` header."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == (443 if self.secure else 80) else f"{shown}:{self.port}"


def target(url: str, *, loopback: bool = False) -> Target:
    """Where `url` leads, or `BadAddress`. `loopback`: this machine may be called too, on any port, without TLS."""
    if len(url) > URL_MAX or any(ord(char) <= 32 or ord(char) == 127 or char == "\\" for char in url):
        raise BadAddress(_FORM)
    try:
        parts = urlsplit(url)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError as exc:
        raise exc if isinstance(exc, BadAddress) else BadAddress(_FORM) from None
    if "@" in parts.netloc or parts.fragment:
        raise BadAddress("Ni nom d'utilisateur ni fragment dans l'adresse.")
    here = loopback and is_loopback(host)
    secure = parts.scheme == "https"
    if not (secure or (here and parts.scheme == "http")):
        raise BadAddress(_FORM)
    port = (443 if secure else 80) if port is None else port
    if port not in PORTS and not (here and port):
        raise BadAddress("Port refusé : 443 ou 8443.")
    _check_host(host, loopback=loopback)
    return Target(secure, host, port, _path(parts))


def usable(address: str, *, loopback: bool = False) -> str:
    """The IP address in its plain form when it may be called, else `BadAddress`."""
    try:
        found = ip_address(address)
    except ValueError:
        raise BadAddress("Adresse IP refusée.") from None
    if loopback and found.is_loopback:
        return str(found)
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if not _public(found):
        raise BadAddress("Adresse IP refusée : elle n'est pas sur l'internet public.")
    return str(found)


def is_loopback(host: str) -> bool:
    """This machine, named the plain way."""
    return host in {"127.0.0.1", "::1", "localhost"}


def _public(address: IPv4Address | IPv6Address) -> bool:
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    if isinstance(address, IPv6Address) and (address.scope_id or address not in _GLOBAL_UNICAST):
        return False
    return not any(address in net for net in _REFUSED if net.version == address.version)


def _host(name: str) -> str:
    """ASCII, lower case, without its last dot. Digits and dots of other scripts become the plain ones first."""
    if ":" in name:
        return name
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            raise BadAddress("Nom de domaine refusé.") from None
    return name.lower().removesuffix(".")


def _check_host(host: str, *, loopback: bool) -> None:
    if loopback and is_loopback(host):
        return
    if ":" in host or _NUMERIC.fullmatch(host.rpartition(".")[2]):
        usable(host)  # an IP address, or a number that some resolvers take for one
        return
    labels = host.split(".")
    if len(labels) < 2 or len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise BadAddress("Nom de domaine refusé.")
    if any(host.endswith(f".{name}") for name in _OURS):
        raise BadAddress("Nom de domaine refusé : il n'est pas sur l'internet public.")


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
