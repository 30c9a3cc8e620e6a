"""What `exec` tells its command, and how a program of any language reads it."""

import json
import sys
from pathlib import Path

import pytest

from tests.command import run
from tests.languages.readme import rows
from tests.languages.tools import needs

ROWS = rows("## In other languages")
VARIABLES = [row[0] for row in ROWS if row[0].startswith("PANEL_")]
EXPRESSIONS = {row[0]: row[1] for row in ROWS if not row[0].startswith("PANEL_")}
PROBE = "import os, json; print(json.dumps({k: v for k, v in os.environ.items() if k.startswith('PANEL_')}))"


def test_the_variables_are_those_that_exec_sets() -> None:
    told = json.loads(run("exec", "--control-token", "t", "--", sys.executable, "-c", PROBE).stdout)
    assert sorted(VARIABLES) == sorted(told)


def test_every_way_of_reading_is_tried() -> None:
    assert list(EXPRESSIONS) == ["a shell", "Node.js", "PHP", "Python", "Java"]


@pytest.mark.parametrize("language", EXPRESSIONS)
def test_a_program_reads_a_variable_as_the_readme_says(language: str, tmp_path: Path) -> None:
    expression = EXPRESSIONS[language]
    java = tmp_path / "Show.java"
    java.write_text(
        f"class Show {{ public static void main(String[] a) {{ System.out.print({expression}); }} }}"
    )
    command, how, arguments = {
        "a shell": ("sh", "", ["-c", f"printf %s {expression}"]),
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
