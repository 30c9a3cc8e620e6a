"""An application that knows only https://mydnspanel.com meets the sandbox, as docs/deployment.md shows it."""

import socket
import ssl
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.command import started
from tests.docs.markdown import snippets
from tests.docs.tools import needs, needs_node, passed, shell, write_node_project

pytestmark = pytest.mark.slow

CERTIFICATE, CLIENTS = (block.text for block in snippets("docs/deployment.md", "bash", "TLS"))
(APART,) = (block.text for block in snippets("docs/deployment.md", "bash", "For one command"))
(HOSTS,) = (block.text for block in snippets("docs/deployment.md", "bash", "For a whole machine"))
NAMES = ["mydnspanel.com", "panel", "localhost", "127.0.0.1"]
REPLY = '{"result":"1","credit":"1000000"}'
PYTHON = """
from urllib.request import Request, urlopen
body, headers = b"action=credit", {"Authorization": "test-key"}
with urlopen(Request("https://mydnspanel.com/webservice/server", body, headers)) as reply:
    print(reply.read().decode())
"""
NODE = """
const body = new URLSearchParams({ action: "credit" });
const headers = { Authorization: "test-key" };
const reply = await fetch("https://mydnspanel.com/webservice/server", { method: "POST", headers, body });
console.log(await reply.text());
"""
NODE_TEST = """
import assert from "node:assert/strict";
import { test } from "node:test";
test("the credit", async () => {
  %s
  assert.equal(await reply.text(), '%s');
});
"""


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The application's, with the certificate that the page's command makes."""
    needs("openssl", "in Debian apt-get install openssl")
    made = tmp_path_factory.mktemp("wired")
    subprocess.run(["sh", "-e", "-c", CERTIFICATE], cwd=made, check=True, capture_output=True)
    (made / "app.py").write_text(PYTHON)
    (made / "app.mjs").write_text(NODE)
    return made


@pytest.fixture(scope="module")
def unshare() -> list[str]:
    """The command that gives another a network and a hosts file of its own, as this user may."""
    needs("unshare", "in Debian apt-get install util-linux")
    needs("ip", "in Debian apt-get install iproute2")
    for rights in (["--user", "--map-root-user"], []):
        command = ["unshare", *rights, "--mount", "--net"]
        trial = "ip link set lo up && mount --bind /dev/null /etc/hosts"
        if subprocess.run([*command, "sh", "-c", trial], check=False, capture_output=True).returncode == 0:
            return command
    pytest.skip("this user may not have namespaces (unshare --user --mount --net); root may")


def test_the_certificate_vouches_for_its_names_alone_and_its_key_is_readable(application: Path) -> None:
    command = [
        "openssl",
        "x509",
        "-noout",
        "-ext",
        "basicConstraints",
        "-in",
        str(application / "tls" / "cert.pem"),
    ]
    assert "CA:FALSE" in subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # The container's user is not the one that has made it.
    assert (application / "tls" / "key.pem").stat().st_mode & 0o044 == 0o044


@pytest.mark.parametrize("name", NAMES)
def test_the_certificate_is_good_for_every_name_of_the_server(application: Path, name: str) -> None:
    cert, key = (str(application / "tls" / f"{part}.pem") for part in ("cert", "key"))
    trusted = ssl.create_default_context(cafile=cert)
    trusted.verify_flags |= ssl.VERIFY_X509_STRICT  # Python 3.13 and newer have it by default
    with started("--tls-cert", cert, "--tls-key", key) as server:
        address = ("127.0.0.1", urlsplit(server.url).port)
        with socket.create_connection(address) as plain, trusted.wrap_socket(plain, server_hostname=name):
            pass


@pytest.mark.parametrize("client", CLIENTS.splitlines(), ids=["curl", "Python", "Node.js"])
def test_an_unchanged_client_reaches_the_fake_by_the_real_name(
    client: str, application: Path, unshare: list[str], on_path: dict[str, str]
) -> None:
    if "node" in client:
        needs_node()
    status, output, errors = shell(whole_machine(client), application, on_path, *unshare)
    assert status == 0, errors
    assert output.splitlines()[-1] == REPLY


def whole_machine(client: str) -> str:
    """A script for namespaces of its own: the page's lines for a whole machine, and a client."""
    hosts, server = HOSTS.splitlines()
    return f"""
        ip link set lo up
        echo '127.0.0.1 localhost' > hosts
        mount --bind hosts /etc/hosts
        {hosts}
        {server} > server.txt 2>&1 &
        fakeserver wait --url https://127.0.0.1
        {client}
    """


def test_a_client_that_does_not_trust_the_certificate_refuses_it(
    application: Path, unshare: list[str], on_path: dict[str, str]
) -> None:
    curl = CLIENTS.splitlines()[0].replace("--cacert tls/cert.pem", "")
    status, _, errors = shell(whole_machine(curl), application, on_path, *unshare)
    assert status == 60, errors


def test_npm_test_in_namespaces_of_its_own_meets_the_fake_and_nothing_else(
    application: Path, unshare: list[str], on_path: dict[str, str]
) -> None:
    needs_node()
    write_node_project(application, **{"wired.test": NODE_TEST % (NODE.rpartition("\nconsole")[0], REPLY)})
    asked = "unshare --user --map-root-user --mount --net"
    assert asked in APART
    status, output, errors = shell(APART.replace(asked, " ".join(unshare)), application, on_path)
    assert status == 0, errors
    assert passed(output) == 1


@pytest.mark.parametrize(
    ("options", "url", "status"),
    [
        ([], "https://mydnspanel.com/_fake/health", "403"),
        (["--allowed-host", "mydnspanel.com"], "https://mydnspanel.com/_fake/health", "200"),
        ([], "https://panel/_fake/health", "200"),
        ([], "https://127.0.0.1/_fake/health", "200"),
    ],
)
def test_the_control_plane_is_not_served_by_the_real_name(
    application: Path, options: list[str], url: str, status: str
) -> None:
    cert, key = (str(application / "tls" / f"{part}.pem") for part in ("cert", "key"))
    with started("--tls-cert", cert, "--tls-key", key, *options) as server:
        there = ["--cacert", cert, "--connect-to", f"::127.0.0.1:{urlsplit(server.url).port}"]
        asked = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", *there, url]
        assert subprocess.run(asked, check=False, capture_output=True, text=True).stdout == status
