"""Addresses of a fake as users write them."""

import pytest

from fakeserver.notation.addresses import base_url, is_health_of_a_fake, reachable, url_of


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("http://127.0.0.1:1403", "http://127.0.0.1:1403"),
        ("http://127.0.0.1:1403/", "http://127.0.0.1:1403"),
        ("https://h/webservice/server/", "https://h"),
        ("https://h/prefix/webservice/server", "https://h/prefix"),
        ("https://[::1]:80//", "https://[::1]:80"),
        ("http://h/XX", "http://h/XX"),
        ("ftp://h", None),
        ("127.0.0.1:1403", None),
        ("http://", None),
        ("http://h:0", None),
        ("http://h:99999", None),
        ("http://h/?a=1", None),
        ("http://h/#a", None),
        ("http://me@h", None),
        ("http://h/سلام", None),
        ("http://h/\t", None),
        ("http://h/a b", None),
    ],
    ids=ascii,
)
def test_a_base_url_is_read_from_itself_or_from_the_endpoints_url(text: str, base: str | None) -> None:
    assert base_url(text) == base


def test_a_url_has_brackets_around_an_ipv6_address() -> None:
    assert url_of("http", "127.0.0.1", 1403) == "http://127.0.0.1:1403"
    assert url_of("https", "::1", 80) == "https://[::1]:80"


def test_a_server_that_listens_everywhere_is_reachable_at_the_loopback_address() -> None:
    hosts = ["0.0.0.0", "::", "10.0.0.1"]
    assert [reachable(host) for host in hosts] == ["127.0.0.1", "::1", "10.0.0.1"]


def test_only_the_health_document_of_a_fake_is_recognised() -> None:
    health = {"status": "ok", "version": "1", "accounts": 9}
    assert is_health_of_a_fake(health)
    incomplete = [{k: v for k, v in health.items() if k != name} for name in health]
    others: list[object] = [None, [], "ok", {**health, "status": "starting"}, *incomplete]
    for document in others:
        assert not is_health_of_a_fake(document), document
