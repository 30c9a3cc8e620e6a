"""Node.js under `fakeserver exec`."""

from pathlib import Path

import pytest

from tests.languages.tools import needs_node, passed, shell, write_node_project

# The same call as a form and as JSON, made by the `fetch` that Node.js has.
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


def test_a_form_and_json_go_through_the_fetch_of_node(tmp_path: Path, on_path: dict[str, str]) -> None:
    write_node_project(tmp_path, **{"both.test": BOTH})
    status, out, _ = shell("fakeserver exec -- npm test", tmp_path, on_path)
    assert passed(out) == 2
    assert status == 0


def test_the_readmes_project_passes_its_tests(tmp_path: Path, on_path: dict[str, str]) -> None:
    write_node_project(tmp_path)
    status, out, _ = shell("fakeserver exec -- npm test", tmp_path, on_path)
    assert passed(out) == 2
    assert status == 0


def test_npm_test_that_fails_fails(tmp_path: Path, on_path: dict[str, str]) -> None:
    write_node_project(tmp_path, **{"fails.test": BOTH.replace('"1000000002"', '"another"')})
    status, out, _ = shell("fakeserver exec -- npm test", tmp_path, on_path)
    assert "another" in out
    assert status == 1
