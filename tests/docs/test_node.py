"""Node.js under `fakeserver exec`, as docs/languages.md shows it."""

import json
from pathlib import Path

import pytest

from tests.docs.markdown import snippets
from tests.docs.tools import needs_node, passed, shell, write_node_project

pytestmark = pytest.mark.slow

# The same call as a form and as JSON, made by the `fetch` of Node.js.
BOTH = """
import assert from "node:assert/strict";
import { test } from "node:test";

const parameters = { action: "send", from: "30001403", text: "سلام", receivers: "9120000000" };
const Authorization = process.env.PANEL_API_KEY;

async function ask(headers, body) {
  const reply = await fetch(process.env.PANEL_ENDPOINT, { method: "POST", headers, body });
  return reply.json();
}

test("a form", async () => {
  const sent = await ask({ Authorization }, new URLSearchParams(parameters));
  assert.deepEqual(sent, { result: "1", sendID: "1000000001" });
});

test("JSON", async () => {
  const headers = { Authorization, "Content-Type": "application/json" };
  const sent = await ask(headers, JSON.stringify(parameters));
  assert.deepEqual(sent, { result: "1", sendID: "1000000002" });
});
"""


@pytest.fixture(autouse=True)
def _node() -> None:
    needs_node()


def test_a_form_and_json_go_through_the_fetch_of_node(folder: Path, on_path: dict[str, str]) -> None:
    write_node_project(folder, **{"both.test": BOTH})
    result = shell("fakeserver exec -- npm test", folder, on_path)
    assert (result.status, passed(result.output)) == (0, 2)


def test_the_project_of_the_page_passes_its_tests(folder: Path, on_path: dict[str, str]) -> None:
    (package,) = snippets("docs/languages.md", "json", "Node.js")
    (command,) = snippets("docs/languages.md", "sh", "Node.js")
    write_node_project(folder, *snippets("docs/languages.md", "js", "Node.js"))
    assert json.loads((folder / "package.json").read_text()) == json.loads(package.text)
    result = shell(command.text, folder, on_path)
    assert (result.status, passed(result.output)) == (0, 2)


def test_a_test_that_fails_fails_the_command(folder: Path, on_path: dict[str, str]) -> None:
    write_node_project(folder, **{"fails.test": BOTH.replace('"1000000002"', '"another"')})
    result = shell("fakeserver exec -- npm test", folder, on_path)
    assert "another" in result.output
    assert result.status == 1
