"""Another project: its environment has the wheel, and it has packages of its own named `client` and
`contracts`.
"""

import subprocess
from pathlib import Path

import pytest

from tests import command, wheel

SUITE = {
    "client/__init__.py": "OWN = 'the client of this project'\n",
    "contracts/__init__.py": "OWN = 'the contracts of this project'\n",
    "conftest.py": "",
    "test_own_packages.py": """
import client, contracts

def test_the_packages_are_those_of_the_project(panel):
    assert (client.OWN, contracts.OWN) == ("the client of this project", "the contracts of this project")
    assert panel.credit == 1_000_000
""",
    "test_requests.py": """
import requests

def test_it(panel):
    form = {"action": "sendOTP", "appID": "test-app", "code": "4711", "receivers": "09121234567"}
    reply = requests.post(panel.endpoint, data=form, headers={"Authorization": panel.api_key}).json()
    (message,) = panel.assert_sent(to="9121234567", count=1)
    assert (message.code, str(message.send_id)) == ("4711", reply["sendID"])
""",
    "test_httpx.py": """
import httpx, pytest

def test_it(panel):
    document = {"action": "send", "from": 30001403, "text": "سلام", "receivers": "9121234567"}
    assert httpx.post(panel.endpoint, json=document, headers={"Authorization": panel.api_key}).is_success
    assert panel.messages[0].alphabet == "unicode"

@pytest.mark.asyncio
async def test_async(panel):
    params = {"key": panel.api_key, "action": "credit"}
    async with httpx.AsyncClient() as client:
        assert (await client.get(panel.endpoint, params=params)).json()["credit"] == "1000000"
""",
    "test_aiohttp.py": """
import aiohttp, pytest

@pytest.mark.asyncio
async def test_it(panel):
    panel.fail(action="send", result="112")
    form = {"action": "send", "from": "30001403", "text": "hello", "receivers": "9121234567"}
    async with aiohttp.ClientSession(headers={"Authorization": panel.api_key}) as session:
        for expected in ("112", "1"):
            async with session.post(panel.endpoint, data=form) as reply:
                assert (await reply.json())["result"] == expected
    panel.assert_sent(text="hello", count=1)
""",
    # uvloop and aiodns resolve names themselves, without an audit event.
    "test_real_panel.py": """
import asyncio, aiohttp, pytest, uvloop
from aiohttp.resolver import AsyncResolver

async def with_aiodns():
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=AsyncResolver())) as session:
        await session.get("https://mydnspanel.com/webservice/server")

async def with_uvloop():
    await asyncio.get_running_loop().getaddrinfo("mydnspanel.com", 443)

async def with_a_connection_of_uvloop():
    await asyncio.open_connection("mydnspanel.com", 443)

@pytest.mark.parametrize(("run", "attempt"), [
    (asyncio.run, with_aiodns), (uvloop.run, with_uvloop), (uvloop.run, with_a_connection_of_uvloop),
])
def test_it(no_real_panel, run, attempt):
    with pytest.raises(pytest.fail.Exception, match="tried to reach mydnspanel.com"):
        run(attempt())
""",
}
PACKAGES = ("pytest", "pytest-asyncio", "pytest-xdist", "requests", "httpx", "uvloop", "aiodns")


OPTIONS = ("-q", "-n", "2", "-W", "error", "-o", "asyncio_default_fixture_loop_scope=function")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of the environment."""
    folder = tmp_path_factory.mktemp("other_project")
    return wheel.environment(folder / "venv", str(wheel.build(folder)), *PACKAGES)


@pytest.mark.slow
def test_the_plugin_works_in_another_project(python: Path, tmp_path: Path) -> None:
    for name, text in SUITE.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    environment = {k: v for k, v in command.environment().items() if k != "PYTHONPATH"}
    suite = subprocess.run(
        [python, "-m", "pytest", *OPTIONS],
        cwd=tmp_path,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    # The three tests of test_real_panel swallow the exception, so they must fail at their end.
    assert "3 failed, 5 passed" in suite.stdout, suite.stdout + suite.stderr
    assert suite.stdout.count("\nthis test tried to reach mydnspanel.com, a real SMS panel") == 3
