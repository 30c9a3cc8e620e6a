"""What `exec` gives its command, and how a program of any language reads it."""

import json
import sys
from pathlib import Path

import pytest

from tests.command import run
from tests.docs.markdown import tables
from tests.docs.tools import needs

pytestmark = pytest.mark.slow

SET, READ = tables("docs/languages.md")
VARIABLES = [cell.strip("`") for cell in SET.column("variable")]
EXPRESSIONS = {language: code.strip("`") for language, code in READ.rows}
PROBE = "import os, json; print(json.dumps({k: v for k, v in os.environ.items() if k.startswith('PANEL_')}))"


def test_the_variables_are_those_that_exec_sets() -> None:
    found = json.loads(run("exec", "--control-token", "t", "--", sys.executable, "-c", PROBE).stdout)
    assert sorted(VARIABLES) == sorted(found)


def test_every_way_of_reading_is_tried() -> None:
    assert list(EXPRESSIONS) == ["shell", "Node.js", "PHP", "Python", "Java"]


@pytest.mark.parametrize("language", EXPRESSIONS)
def test_a_program_reads_a_variable_as_the_page_shows(language: str, tmp_path: Path) -> None:
    expression = EXPRESSIONS[language]
    java = tmp_path / "Show.java"
    java.write_text(
        f"class Show {{ public static void main(String[] a) {{ System.out.print({expression}); }} }}"
    )
    command, how, arguments = {
        "shell": ("sh", "", ["-c", f"printf %s {expression}"]),
        "Node.js": ("node", "it is at nodejs.org, in Debian apt-get install nodejs", ["-p", expression]),
        "PHP": ("php", "in Debian apt-get install php-cli", ["-r", f"echo {expression};"]),
        "Python": (sys.executable, "", ["-c", f"import os; print({expression})"]),
        "Java": ("javac", "in Debian apt-get install default-jdk-headless", []),
    }[language]
    needs(command, how)
    words = ["java", str(java)] if language == "Java" else [command, *arguments]
    result = run("exec", "--", *words)
    url = result.stderr.partition("listens on ")[2].split()[0]
    assert result.stdout.strip() == f"{url}/webservice/server"
