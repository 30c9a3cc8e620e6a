"""The README's Compose files. No engine is needed: what they say is checked against what there is."""

import re
import subprocess
import tomllib
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from fakeserver.cli import options
from fakeserver.cli.resolve import resolve
from fakeserver.notation.addresses import SERVICE_PATH
from fakeserver.settings.defaults import TEST_KEYS
from tests.command import request, started
from tests.languages.readme import blocks
from tests.languages.test_environment import VARIABLES
from tests.source import ROOT

(PLAIN,) = blocks("## In a container", "yaml")
(WIRED,) = blocks("### Where the address is wired in", "yaml")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
FILES = {"plain": yaml.safe_load(PLAIN), "wired": yaml.safe_load(WIRED)}


@pytest.fixture(params=FILES)
def services(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = FILES[request.param]["services"]
    return found


def port_inside(panel: dict[str, Any]) -> int:
    (exposed,) = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
    return int(panel["environment"].get("FAKESERVER_PORT", exposed))


def test_the_image_is_built_from_this_repository(services: dict[str, Any]) -> None:
    build = services["panel"]["build"]
    context, file = (
        (build, "Dockerfile") if isinstance(build, str) else (build["context"], build["dockerfile"])
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert context == f"./{project['name']}"
    assert (ROOT / file).is_file()


def test_the_port_is_this_machines_only_and_the_one_that_is_served(services: dict[str, Any]) -> None:
    (published,) = services["panel"]["ports"]
    address, _, inside = published.split(":")
    assert address == "127.0.0.1"
    assert int(inside) == port_inside(services["panel"])


def test_the_environment_is_made_of_options_and_their_values(services: dict[str, Any]) -> None:
    told = {name: str(value) for name, value in services["panel"]["environment"].items()}
    assert set(told) <= {option.variable for option in (options.CONFIG, *options.options())}
    assert resolve({}, told).sources.keys() == {name[len("FAKESERVER_") :].lower() for name in told}


def test_the_health_check_passes_beside_a_server_and_fails_without(
    services: dict[str, Any], on_path: dict[str, str]
) -> None:
    check = services["panel"]["healthcheck"]
    kind, *command = check["test"]
    assert kind == "CMD"
    assert float(command[command.index("--timeout") + 1]) < float(check["timeout"].removesuffix("s"))
    with started() as server:
        told = {**on_path, "FAKESERVER_PORT": str(urlsplit(server.url).port)}
        assert subprocess.run(command, env=told, check=False).returncode == 0
        server.stop()
    assert subprocess.run(command, env=told, check=False, stderr=subprocess.DEVNULL).returncode == 1


def test_the_application_waits_until_the_panel_is_healthy(services: dict[str, Any]) -> None:
    assert services["app"]["depends_on"] == {"panel": {"condition": "service_healthy"}}


def test_the_application_is_told_where_the_panel_is() -> None:
    services = FILES["plain"]["services"]
    told = services["app"]["environment"]
    url = urlsplit(told["PANEL_URL"])
    assert (url.scheme, url.hostname) == ("http", "panel")
    assert url.port == port_inside(services["panel"])
    assert told["PANEL_ENDPOINT"] == told["PANEL_URL"] + SERVICE_PATH
    assert told["PANEL_API_KEY"] in {account["key"] for account in TEST_KEYS}
    assert set(told) <= set(VARIABLES)
    with started() as server:
        assert request(f"{server.url}/_fake/health", headers={"Host": url.netloc})["status"] == "ok"


def test_the_wired_file_gives_both_services_the_certificate() -> None:
    services = FILES["wired"]["services"]
    panel, app = services["panel"], services["app"]
    assert panel["volumes"] == app["volumes"] == ["./tls:/tls:ro"]
    paths = [panel["environment"][f"FAKESERVER_TLS_{name}"] for name in ("CERT", "KEY")]
    made = re.findall(r"(tls/\w+\.pem)", blocks("### Where the address is wired in", "bash")[0])
    assert {f"/{path}" for path in made} == set(paths)
    assert app["environment"] == {"NODE_EXTRA_CA_CERTS": paths[0]}
    assert panel["networks"] == {"default": {"aliases": ["mydnspanel.com"]}}
    assert panel["sysctls"]["net.ipv4.ip_unprivileged_port_start"] <= port_inside(panel) == 443
