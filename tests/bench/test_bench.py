"""The verdicts of the benchmark, and small measurements of each kind."""

import json
from pathlib import Path

import pytest

from tests.bench import dropping, figures, load, million, startup
from tests.bench.figures import Figure, table
from tests.bench.servers import TIMEOUT_SECONDS


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure("a", 0.8, 0.8, "x", at_least=True), "met"),
        (Figure("a", 0.79, 0.8, "x", at_least=True), "NOT MET"),
        (Figure("a", 15.0, 15.0, "ms"), "met"),
        (Figure("a", 15.1, 15.0, "ms"), "NOT MET"),
        (Figure("a", 3.0), ""),
        (Figure("a", None, 3.0), "not measured"),
    ],
)
def test_a_ratio_should_be_at_least_its_goal_and_anything_else_at_most(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict


def test_the_table_has_one_line_for_each_figure() -> None:
    lines = table(
        [Figure("send", 0.5, 0.8, "x bare", at_least=True), Figure("size", 1234.5, note="of it all")]
    )
    assert lines.splitlines() == [
        "what  goal            figure       verdict",
        "send  >= 0.80 x bare  0.50 x bare  NOT MET",
        "size                  1,234                 of it all",
    ]


def test_the_result_is_written_with_the_verdicts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "result.json"
    monkeypatch.setattr(figures, "RESULT", file)
    monkeypatch.setattr(figures, "ROOT", tmp_path)
    figures.write_result([Figure("send", 0.5, 0.8, "x bare", at_least=True)])
    document = json.loads(file.read_text("utf-8"))
    assert document["figures"] == [
        {
            "name": "send",
            "value": 0.5,
            "goal": 0.8,
            "unit": "x bare",
            "at_least": True,
            "note": "",
            "verdict": "NOT MET",
        }
    ]


@pytest.mark.slow
def test_the_memory_and_the_times_of_many_sends_are_measured() -> None:
    memory, send, report, advance = million.figures(60_000)
    assert memory.value is not None
    assert 100 < memory.value < 800
    for figure in (send, report, advance):
        assert figure.value is not None
        assert figure.value > 0


@pytest.mark.slow
def test_a_start_is_measured_with_compiled_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert 0 < startup._seconds(str(tmp_path), "fakeserver", "-p") < TIMEOUT_SECONDS
    compiled = {file.name.partition(".")[0] for file in tmp_path.rglob("fakeserver/web/**/*.pyc")}
    assert {"endpoint", "protocol"} <= compiled


def test_sends_that_drop_others_are_measured() -> None:
    ratio, longest = dropping.figures(kept=200, sends=400)
    assert ratio.value is not None
    assert longest.value is not None
    assert min(ratio.value, longest.value) > 0


@pytest.mark.parametrize("text", ["a", '"', "\\", "سلام", "a\r\nb", "\0"])
def test_a_text_is_written_for_lua_as_its_bytes(text: str) -> None:
    written = load._lua(text)
    codes = [int(code) for code in written.strip('"').split("\\")[1:]]
    assert bytes(codes) == text.encode()
