"""PHP under `fakeserver exec`, as docs/languages.md shows it."""

from pathlib import Path

import pytest

from tests.docs.markdown import snippets
from tests.docs.sessions import write_files
from tests.docs.tools import needs_php, shell

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _php() -> None:
    needs_php()


def test_the_script_of_the_page_passes(folder: Path, on_path: dict[str, str]) -> None:
    (command,) = snippets("docs/languages.md", "sh", "PHP")
    write_files(folder, snippets("docs/languages.md", "php", "PHP"))
    result = shell(command.text, folder, on_path)
    assert result.status == 0, result.errors
    assert result.output == "ok: the message is accepted\nok: the code is delivered\n"


def test_a_check_that_fails_fails_the_command(folder: Path, on_path: dict[str, str]) -> None:
    write_files(folder, snippets("docs/languages.md", "php", "PHP"))
    script = folder / "sms_test.php"
    script.write_text(
        script.read_text("utf-8").replace("['4711'],\n    'receivers'", "['4712'],\n    'receivers'")
    )
    result = shell("fakeserver exec -- php sms_test.php", folder, on_path)
    assert (result.status, "failed: the code is delivered\n" in result.errors) == (1, True)
