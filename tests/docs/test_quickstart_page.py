"""docs/quickstart.md and docs/troubleshooting.md: the banner, and commands that are not part of a session."""

import re

from tests.command import process, started
from tests.docs.markdown import snippets
from tests.docs.sessions import ADDRESS
from tests.docs.tools import run_python
from tests.source import ROOT


def test_the_server_starts_with_the_lines_that_are_shown() -> None:
    (shown,) = snippets("docs/quickstart.md", "text", "Start the server")
    with process("-p", "0") as server:
        assert server.stdout is not None
        banner = "".join(server.stdout.readline() for _ in shown.text.splitlines())
    url = banner.partition("\n")[0].split()[-1]
    assert banner.replace(url, ADDRESS) == shown.text


def test_the_command_that_compares_a_server_with_the_rules_runs() -> None:
    (block,) = snippets("docs/troubleshooting.md", "sh", "The real panel answers differently")
    match = re.fullmatch(
        r"PANEL_API_KEY=\S+ mydnspanel-contracts (verify) https://mydnspanel\.com\n", block.text
    )
    assert match
    with started() as server:
        arguments = ["-m", "mydnspanel_contracts", match[1], server.url]
        result = run_python(ROOT, *arguments, PANEL_API_KEY="test-key")
    assert result.returncode == 0, result.stdout
