"""docs/configuration.md: commands, the configuration file, the test keys."""

import tomllib
from pathlib import Path

from fakeserver.cli import COMMANDS
from tests.command import ask, started
from tests.docs import facts
from tests.docs.markdown import code_spans, snippets, tables, text
from tests.docs.sessions import write_files

PAGE = "docs/configuration.md"


def test_every_command_is_shown() -> None:
    (table,) = tables(PAGE, "Commands")
    shown = [span.split()[1] for cell in table.column("command") for span in code_spans(cell) if " " in span]
    assert sorted(shown) == sorted(COMMANDS)


def test_a_server_starts_with_the_configuration_file(folder: Path) -> None:
    shop, broken = snippets("docs/configuration.md", "toml")
    assert tomllib.loads(broken.text)["accounts"]  # the session shows what the command says of it
    write_files(folder, [shop])
    with started("--config", str(folder / "shop.toml")) as server:
        credit = ask(server.url, "shop", "action=credit")
    assert credit == {"result": "1", "credit": "50000"}
    assert [account["key"] for account in tomllib.loads(shop.text)["accounts"]] == ["shop", "lottery"]


def test_every_setting_has_a_row() -> None:
    shown = [
        cell.strip("`")
        for table in tables(PAGE, "Settings")
        if table.head == ["setting", "default", "meaning"]
        for cell in table.column("setting")
    ]
    assert sorted(shown) == sorted(set(facts.default_settings()) - {"key"})


def test_the_test_keys_are_those_that_exist() -> None:
    (keys, _) = tables(PAGE, "Test keys")
    assert [cell.strip("`") for cell in keys.column("key")] == [
        account["key"] for account in facts.served().accounts
    ]


def test_what_every_account_begins_with_is_shown() -> None:
    shown = text(PAGE, "What every account begins with")
    account = facts.default_settings()
    items = [
        ("lines", "number"),
        ("patterns", "code"),
        ("patterns", "text"),
        ("phonebooks", "id"),
        ("fields", "id"),
    ]
    items += [("otp_apps", "id"), ("otp_apps", "template")]
    for member, name in items:
        assert [item[name] for item in account[member] if f"`{item[name]}`" not in shown] == []
    assert f"{account['credit']:,}".replace(",", " ") in shown
    for field in account["fields"]:
        (row,) = (part for part in shown.split("`F") if f"`F{part}".startswith(f"`{field['id']}`"))
        assert row.partition("(")[2].startswith(field["kind"])
        assert all(option in row for option in field["options"])
