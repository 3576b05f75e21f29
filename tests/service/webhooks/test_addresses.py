"""Events go to public addresses and to allowed networks, by what a name means when it is connected to."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest
import uvloop

from service.webhooks.addresses import AddressRefused, AddressRule, refuse_private
from service.webhooks.sending import Received, Sender
from tests.service.webhooks.certificate import CERTIFICATE, KEY
from tests.workers.receivers import LOOPBACK, receiver, status

PUBLIC = AddressRule()
PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "0.0.0.0",  # noqa: S104 - not bound to, refused
    "192.0.0.1",
    "192.0.0.9",
    "192.0.0.10",
    "192.0.0.171",
    "192.0.0.255",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "::ffff:0:8.8.8.8",
    "64:ff9b:1::8.8.8.8",
    "64:ff9b:1:fffe::10.0.0.1",
    "100::1",
    "100:0:0:1::1",
    "2001:1::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:1ff:ffff::1",
    "2001:db8::1",
    "3fff::1",
    "3fff:fff:ffff::1",
    "5f00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:192.88.99.1",
    "2002:c058:6301::1",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "2002:0a00:0001::1",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_event_goes_where_only_this_network_reaches(address: str) -> None:
    assert not PUBLIC.permits(address)
    with pytest.raises(AddressRefused, match="no public address"):
        refuse_private(PUBLIC, "https://receiver.example/hooks", lambda _host, _port: ["8.8.8.8", address])


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "192.0.1.1",
        "192.88.98.1",
        "2001:200::1",
        "2606:4700:4700::1111",
        "3ffe:ffff::1",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
    ],
)
def test_a_public_address_is_permitted_in_every_notation(address: str) -> None:
    assert PUBLIC.permits(address)


def test_a_network_that_is_allowed_is_permitted_and_no_other() -> None:
    rule = AddressRule(allowed=(ip_network("10.20.0.0/16"), ip_network("fd00:1::/32"), ip_network("::1/128")))
    assert [rule.permits(one) for one in ("10.20.3.4", "::ffff:10.20.3.4", "fd00:1::9", "::1", "8.8.8.8")] == [True] * 5
    assert [rule.permits(one) for one in ("10.21.0.1", "fd00:2::9", "127.0.0.1")] == [False] * 3


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://8.8.8.8/hooks", "must begin with https://"),
        ("ftp://8.8.8.8/", "must begin with https://"),
        ("file:///etc/passwd", "must begin with https://"),
        ("8.8.8.8/hooks", "must begin with https://"),
        ("https://", "must name a host"),
        ("https:///hooks", "must name a host"),
        ("https://user:secret@8.8.8.8/", "user name or a password"),
        ("https://8.8.8.8/#part", "fragment"),
        ("https://8.8.8.8:0/", "port from 1"),
        ("https://8.8.8.8:99999/", "is no address"),
        ("https://[::1/", "is no address"),
        ("https://[fe80::1%25eth0]/", "must name a host"),
        ("https://exämple.com/", "in ASCII"),
        ("https://8.8.8.8/ hooks", "in ASCII"),
        ("https://8.8.8.8/\r\nHost: x", "in ASCII"),
        ("https://8.8.8.8\\@10.0.0.1/", "in ASCII"),
        ("https://8.8.8.8/" + "x" * 2000, "at most 2000"),
        ("https://127.0.0.1/", "no public address"),
        ("https://[::ffff:10.0.0.1]/", "no public address"),
        ("https://2130706433/", "no public address"),
        ("https://0x7f.1/", "no public address"),
        ("https://localhost/", "no public address"),
    ],
)
def test_what_is_no_address_for_events_is_refused_with_the_reason(url: str, words: str) -> None:
    with pytest.raises(AddressRefused, match=words):
        refuse_private(PUBLIC, url)


def test_a_name_that_means_nothing_yet_is_left_to_the_attempts() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    refuse_private(PUBLIC, "https://later.example/hooks", unknown)


def test_unencrypted_events_go_to_allowed_networks_alone() -> None:
    refuse_private(LOOPBACK, "http://127.0.0.1/hooks")
    with pytest.raises(AddressRefused, match="https"):
        refuse_private(LOOPBACK, "http://8.8.8.8/hooks")


def post(sender: Sender, *urls: str) -> list[Received]:
    async def all_of_them() -> list[Received]:
        async with sender:
            return [await sender.post(url, {}, b"{}") for url in urls]

    # The loop that deliveries run on.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(all_of_them())


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254"])
def test_a_name_that_turned_private_since_it_was_declared_is_not_connected_to(address: str) -> None:
    with receiver() as kept:
        port = int(kept.url.rpartition(":")[2])
        [received] = post(
            Sender(PUBLIC, resolve=lambda _host, _port: [address], seconds_to_answer=2),
            f"https://turned.example:{port}/",
        )
    assert received.status_code is None
    assert received.error is not None
    assert "no public address" in received.error
    assert kept.got == []


def test_a_name_is_asked_for_once_and_the_answer_that_was_checked_is_connected_to() -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        # A rebinding name: what is looked up a second time would be another machine.
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    with receiver() as kept:
        port = int(kept.url.rpartition(":")[2])
        [received] = post(Sender(LOOPBACK, resolve=resolve), f"http://hooks.example:{port}/in")
    assert received.status_code == 204
    assert asked == ["hooks.example"]
    assert kept.got[0].headers["host"] == f"hooks.example:{port}"


def test_a_redirect_into_the_private_network_is_not_followed() -> None:
    with receiver() as inside, receiver() as outside:
        outside.answers["/"] = status(307, Location=f"{inside.url}/secret")
        [received] = post(Sender(LOOPBACK), f"{outside.url}/")
    assert received.status_code == 307
    assert inside.got == []


def test_an_address_behind_one_that_does_not_answer_is_tried_as_well() -> None:
    with receiver() as kept:
        port = int(kept.url.rpartition(":")[2])
        # Nothing listens at the first of the two.
        sender = Sender(LOOPBACK, resolve=lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
        [received] = post(sender, f"http://hooks.example:{port}/")
    assert received.status_code == 204


def test_connections_are_kept_between_attempts() -> None:
    with receiver() as kept:
        asked: list[str] = []

        def resolve(host: str, _port: int) -> list[str]:
            asked.append(host)
            return ["127.0.0.1"]

        port = int(kept.url.rpartition(":")[2])
        received = post(Sender(LOOPBACK, resolve=resolve), *[f"http://hooks.example:{port}/"] * 5)
    assert [one.status_code for one in received] == [204] * 5
    assert len(asked) == 1


@contextmanager
def encrypted(folder: Path) -> Iterator[tuple[int, list[str], ssl.SSLContext]]:
    """The port of a receiver behind TLS, the names that clients asked for, and what trusts its certificate."""
    (folder / "both.pem").write_text(KEY + CERTIFICATE)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "both.pem")
    names: list[str] = []
    serving.sni_callback = lambda _socket, name, _context: names.append(str(name))
    with receiver(serving) as kept:
        yield int(kept.url.rpartition(":")[2]), names, ssl.create_default_context(cadata=CERTIFICATE)


def test_tls_is_spoken_with_the_name_and_not_with_the_address(tmp_path: Path) -> None:
    with encrypted(tmp_path) as (port, names, trusting):
        sender = Sender(LOOPBACK, resolve=lambda _host, _port: ["127.0.0.1"], tls=trusting)
        received = post(sender, *[f"https://hooks.example:{port}/"] * 3)
    assert [one.status_code for one in received] == [204] * 3
    assert names == ["hooks.example"]


def test_a_receiver_whose_certificate_nobody_trusts_or_is_anothers_gets_nothing(tmp_path: Path) -> None:
    def here(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    with encrypted(tmp_path) as (port, _, trusting):
        [untrusted] = post(Sender(LOOPBACK, resolve=here), f"https://hooks.example:{port}/")
        [anothers] = post(Sender(LOOPBACK, resolve=here, tls=trusting), f"https://other.example:{port}/")
    for received in (untrusted, anothers):
        assert received.status_code is None
        assert received.error == "no connection: CERTIFICATE_VERIFY_FAILED"
