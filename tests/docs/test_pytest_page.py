"""docs/pytest.md and the example of the README: the suites pass, and the tables name what there is."""

import inspect
import re
from pathlib import Path

import pytest

from fakeserver import pytest_plugin
from fakeserver.testing import Message, Panel, Receiver
from tests.docs.markdown import Table, code_spans, snippets, tables
from tests.docs.sessions import write_files
from tests.docs.tools import pytest_outcomes, run_pytest, run_python
from tests.source import ROOT

PAGE = "docs/pytest.md"
DJANGO_SETTINGS = 'SECRET_KEY = "x"\nINSTALLED_APPS = ["shop"]\nSMS_ENDPOINT = SMS_API_KEY = ""\n'


def test_the_example_of_the_readme_passes(folder: Path) -> None:
    write_files(folder, snippets("README.md", "python"))
    result = run_pytest(folder)
    assert pytest_outcomes(result.stdout) == {"passed": 3}, result.stdout


def test_the_first_test_is_that_of_the_readme() -> None:
    (readme,), (page,) = snippets("README.md", "python"), snippets("docs/pytest.md", "python", "A first test")
    assert readme.text == page.text


def test_the_examples_of_the_fixtures_pass(folder: Path) -> None:
    write_files(folder, snippets("docs/pytest.md", "python", "Fixtures"))
    result = run_pytest(folder)
    assert pytest_outcomes(result.stdout) == {"passed": 2}, result.stdout


def test_a_failed_expectation_looks_as_it_is_shown(folder: Path) -> None:
    (example,) = snippets("docs/pytest.md", "python", "A first test")
    (shown,) = snippets("docs/pytest.md", "text", "When an expectation fails")
    (folder / "test_shop.py").write_text(example.text.replace("textData[0]", "textdata[0]"), "utf-8")
    output = run_pytest(folder, "-k", "receives").stdout
    lines = [line.removeprefix("E").strip() for line in output.splitlines() if line.startswith("E  ")]
    assert without_port("\n".join(lines)) == without_port(shown.text.replace("\n  ", "\n").strip())


def without_port(text: str) -> str:
    return re.sub(r":\d+$", "", text)


def test_the_configuration_is_one_that_pytest_takes(folder: Path) -> None:
    write_files(folder, snippets("docs/pytest.md", "toml"))
    test = "import socket\ndef test_it(): socket.getaddrinfo('sms.example.org', 443)"
    (folder / "test_it.py").write_text(test)
    result = run_pytest(folder)
    assert pytest_outcomes(result.stdout) == {"failed": 1}, result.stdout
    assert "sms.example.org" in result.stdout.replace("socket.getaddrinfo('sms.example.org'", "")


@pytest.fixture
def django_project(folder: Path) -> Path:
    write_files(folder, snippets("docs/pytest.md", "python", "Django"))
    (folder / "shop" / "__init__.py").touch()
    (folder / "project_settings.py").write_text(DJANGO_SETTINGS)
    return folder


def test_the_django_example_passes_with_pytest(django_project: Path) -> None:
    result = run_pytest(django_project, "test_shop.py", DJANGO_SETTINGS_MODULE="project_settings")
    assert pytest_outcomes(result.stdout) == {"passed": 1}, result.stdout


def test_the_django_example_passes_with_the_runner_of_django(django_project: Path) -> None:
    result = run_python(django_project, "-m", "django", "test", DJANGO_SETTINGS_MODULE="project_settings")
    assert (result.returncode, "Ran 1 test" in result.stderr) == (0, True), result.stderr


def test_the_fastapi_example_passes(folder: Path) -> None:
    write_files(folder, snippets("docs/pytest.md", "python", "FastAPI"))
    result = run_pytest(folder)
    assert pytest_outcomes(result.stdout)["passed"] == 2, result.stdout


def test_the_unittest_example_passes(folder: Path) -> None:
    write_files(folder, snippets("docs/pytest.md", "python", "unittest"))
    result = run_python(folder, "-m", "unittest", "test_unittest")
    assert (result.returncode, "Ran 1 test" in result.stderr) == (0, True), result.stderr


# The tables


def first_column(table: Table) -> list[str]:
    """The names in the first column, without their arguments."""
    return [span.partition("(")[0] for row in table.rows for span in code_spans(row[0])]


def test_every_fixture_is_shown_with_its_scope() -> None:
    (table,) = tables(PAGE, "Fixtures")
    fixtures = {
        name: thing._fixture_function_marker.scope
        for name, thing in vars(pytest_plugin).items()
        if type(thing).__name__ == "FixtureFunctionDefinition"
    }
    assert dict(zip(first_column(table), table.column("scope"), strict=True)) == fixtures


def test_everything_that_a_panel_has_is_shown() -> None:
    (panel, _, _) = tables(PAGE, "The `panel` handle")
    public = {name for name in vars(Panel) if not name.startswith("_")}
    assert set(first_column(panel)) == public | {"url", "endpoint", "api_key"}


def test_the_arguments_of_the_methods_are_shown() -> None:
    (table, _, _) = tables(PAGE, "The `panel` handle")
    for span in (span for cell in table.column("member") for span in code_spans(cell) if "(" in span):
        name, _, arguments = span.rstrip(")").partition("(")
        shown = [argument.lstrip("*") for argument in arguments.split(", ") if argument]
        existing = list(inspect.signature(getattr(Panel, name)).parameters)[1:]
        if "…" in shown:
            assert shown[:-1] == existing[: len(shown) - 1]
        else:
            assert sorted(shown) == sorted(existing), span


@pytest.mark.parametrize(("value", "place"), [(Message, 1), (Receiver, 2)])
def test_every_member_of_a_value_is_shown(value: type, place: int) -> None:
    table = tables(PAGE, "The `panel` handle")[place]
    properties = {name for name, thing in vars(value).items() if isinstance(thing, property)}
    members = set(value.__dataclass_fields__) - {"document"}  # type: ignore[attr-defined]
    assert set(first_column(table)) == members | properties


def test_every_option_of_the_plugin_is_shown() -> None:
    (table,) = tables(PAGE, "Use a server that runs already")
    output = run_python(ROOT, "-m", "pytest", "--help").stdout
    group = output.partition("the fake SMS panel:")[2].partition("\n\n")[0]
    options = set(re.findall(r"^  (--[\w-]+)", group, re.MULTILINE))
    assert {span.split()[0] for span in first_column(table)} == options
