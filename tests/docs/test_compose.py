"""The container of docs/deployment.md: commands and Compose files are compared with what there is, without an
engine.
"""

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
from tests.docs.markdown import snippets, tables
from tests.source import ROOT

pytestmark = pytest.mark.slow

(PLAIN,) = snippets("docs/deployment.md", "yaml", "In a container")
(WIRED,) = snippets("docs/deployment.md", "yaml", "For the services of a Compose file")
(CERTIFICATE, _) = snippets("docs/deployment.md", "bash", "TLS")
VARIABLES = {cell.strip("`") for cell in tables("docs/languages.md")[0].column("variable")}
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
FILES = {"plain": yaml.safe_load(PLAIN.text), "wired": yaml.safe_load(WIRED.text)}


@pytest.fixture(params=FILES)
def services(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = FILES[request.param]["services"]
    return found


def port_inside(panel: dict[str, Any]) -> int:
    (exposed,) = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
    return int(panel["environment"].get("FAKESERVER_PORT", exposed))


def test_the_commands_build_the_image_and_publish_its_port_on_this_machine() -> None:
    (commands,) = snippets("docs/deployment.md", "sh", "In a container")
    build, serve = commands.text.splitlines()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert build == f"docker build -t fakeserver ./{project['name']}"
    published = re.search(r"-p 127\.0\.0\.1:(\d+):(\d+) fakeserver$", serve)
    assert published
    assert {*published.groups()} == {str(port_inside({"environment": {}}))}


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
    given = {name: str(value) for name, value in services["panel"]["environment"].items()}
    assert set(given) <= {option.variable for option in (options.CONFIG, *options.options())}
    assert resolve({}, given).sources.keys() == {name[len("FAKESERVER_") :].lower() for name in given}


def test_the_health_check_passes_beside_a_server_and_fails_without(
    services: dict[str, Any], on_path: dict[str, str]
) -> None:
    check = services["panel"]["healthcheck"]
    kind, *command = check["test"]
    assert kind == "CMD"
    assert float(command[command.index("--timeout") + 1]) < float(check["timeout"].removesuffix("s"))
    with started() as server:
        given = {**on_path, "FAKESERVER_PORT": str(urlsplit(server.url).port)}
        assert subprocess.run(command, env=given, check=False).returncode == 0
        server.stop()
    assert subprocess.run(command, env=given, check=False, stderr=subprocess.DEVNULL).returncode == 1


def test_the_application_waits_until_the_panel_is_healthy(services: dict[str, Any]) -> None:
    assert services["app"]["depends_on"] == {"panel": {"condition": "service_healthy"}}


def test_the_application_is_told_where_the_panel_is() -> None:
    services = FILES["plain"]["services"]
    given = services["app"]["environment"]
    url = urlsplit(given["PANEL_URL"])
    assert (url.scheme, url.hostname) == ("http", "panel")
    assert url.port == port_inside(services["panel"])
    assert given["PANEL_ENDPOINT"] == given["PANEL_URL"] + SERVICE_PATH
    assert given["PANEL_API_KEY"] in {account["key"] for account in TEST_KEYS}
    assert set(given) <= VARIABLES
    with started() as server:
        assert request(f"{server.url}/_fake/health", headers={"Host": url.netloc})["status"] == "ok"


def test_the_wired_file_gives_both_services_the_certificate() -> None:
    services = FILES["wired"]["services"]
    panel, app = services["panel"], services["app"]
    assert panel["volumes"] == app["volumes"] == ["./tls:/tls:ro"]
    paths = [panel["environment"][f"FAKESERVER_TLS_{name}"] for name in ("CERT", "KEY")]
    made = re.findall(r"(tls/\w+\.pem)", CERTIFICATE.text)
    assert {f"/{path}" for path in made} == set(paths)
    assert app["environment"] == {"NODE_EXTRA_CA_CERTS": paths[0]}
    assert panel["networks"] == {"default": {"aliases": ["mydnspanel.com"]}}
    assert panel["sysctls"]["net.ipv4.ip_unprivileged_port_start"] <= port_inside(panel) == 443
