"""Which addresses may be called: the guard against being made to call ourselves."""

from __future__ import annotations

import pytest

from backend.core.addresses import BadAddress, target, usable

INSIDE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.9", "224.0.0.1", "239.1.1.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "ff02::1",
    "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "64:ff9b::7f00:1", "64:ff9b:1::1",
    "2001::1", "2001:10::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "100::1", "5f00::1",
]  # fmt: skip
URLS = [
    "http://api.client.fr/", "ftp://api.client.fr/", "gopher://api.client.fr", "file:///etc/passwd", "//api.client.fr",
    "https://", "https:///x", "api.client.fr", "", "https://user:pw@api.client.fr/", "https://user@api.client.fr",
    "https://api.client.fr@127.0.0.1/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/",
    "https://0x7f.1/", "https://0x7f000001/", "https://0177.0.0.1/", "https://017700000001/", "https://127.0.0.1./",
    "https://①②⑦.0.0.1/", "https://１２７.0.0.1/", "https://127。0。0。1/", "https://localhost/", "https://LOCALHOST/",
    "https://localhost./", "https://api.localhost/", "https://printer.local/", "https://db.internal/", "https://nas.lan",
    "https://intranet/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fe80::1%25eth0]/",
    "https://[64:ff9b::7f00:1]/", "https://[::]/", "https://[x/", "https://169.254.169.254/latest/meta-data/",
    "https://api.client.fr:22/", "https://api.client.fr:80/", "https://api.client.fr:6379/", "https://api.client.fr:0/",
    "https://api.client.fr:99999/", "https://api.client.fr:x/", "https://api.client.fr\\@127.0.0.1/",
    "https://api.client.fr /", "https://api.client.fr/\r\nHost: x", "https://api\t.client.fr/", "https://a..fr/",
    "https://-a.fr/", "https://api.client.fr/#x", "https://" + "a" * 64 + ".fr/", "https://api.client.fr/" + "x" * 2000,
    "https://0/", "https://0.0.0.0/", "https://1.2.3/", "https://256.1.1.1/", "https://metadata.google.internal/",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_that_are_not_on_the_public_internet_are_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        usable(address)


@pytest.mark.parametrize("url", URLS)
def test_urls_that_could_lead_inside_are_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        target(url)


@pytest.mark.parametrize(
    ("url", "host", "port", "authority", "path"),
    [
        ("https://api.client.fr/leads?x=1", "api.client.fr", 443, "api.client.fr", "/leads?x=1"),
        ("https://API.Client.fr.:8443", "api.client.fr", 8443, "api.client.fr:8443", "/"),
        ("https://été.fr/leads", "xn--t-9fab.fr", 443, "xn--t-9fab.fr", "/leads"),
        ("https://93.184.216.34/", "93.184.216.34", 443, "93.184.216.34", "/"),
        ("https://[2606:4700::1111]:8443/", "2606:4700::1111", 8443, "[2606:4700::1111]:8443", "/"),
    ],
)
def test_public_addresses_pass(url: str, host: str, port: int, authority: str, path: str) -> None:
    found = target(url)
    assert (found.secure, found.host, found.port, found.authority, found.path) == (True, host, port, authority, path)


def test_this_machine_is_reached_in_development_only_and_by_its_plain_names() -> None:
    assert target("http://127.0.0.1:9000/leads", loopback=True).authority == "127.0.0.1:9000"
    assert target("http://localhost:9000/", loopback=True).host == "localhost"
    assert usable("127.0.0.1", loopback=True) == "127.0.0.1"
    for url in ("http://127.0.0.1:9000/", "https://127.0.0.1/"):
        with pytest.raises(BadAddress):
            target(url)
    for url in ("http://127.1:9000/", "http://2130706433/", "http://10.0.0.1/", "http://api.client.fr/"):
        with pytest.raises(BadAddress):
            target(url, loopback=True)


def test_public_addresses_keep_their_plain_form() -> None:
    assert usable("::ffff:93.184.216.34") == "93.184.216.34"
    assert usable("2606:4700:0::1111") == "2606:4700::1111"
