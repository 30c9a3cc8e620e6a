"""The configuration file: every setting, and the messages about wrong ones."""

import tomllib
from typing import Any

import pytest
from hypothesis import given, strategies as st

from fakeserver.settings import configuration, schema
from fakeserver.settings.account_settings import Settings
from fakeserver.settings.configuration import ConfigurationError
from fakeserver.settings.defaults import DEFAULTS, TEST_KEYS, complete
from tests.examples import examples


def problems(**settings: Any) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        configuration.parse_account({"key": "k", **settings})
    return [str(problem) for problem in caught.value.problems]


def test_the_defaults_are_valid() -> None:
    settings = configuration.parse_account({"key": "k", **DEFAULTS})
    assert settings == configuration.parse_account({"key": "k"})


def test_the_schema_has_exactly_the_settings_with_defaults() -> None:
    members = schema.configuration()["$defs"]["account"]["properties"]
    assert set(members) == {"key", *DEFAULTS}


def test_every_member_of_the_schema_has_a_description() -> None:
    def undescribed(schema: Any, path: str) -> list[str]:
        if isinstance(schema, list):
            return [
                found for place, item in enumerate(schema) for found in undescribed(item, f"{path}/{place}")
            ]
        if not isinstance(schema, dict):
            return []
        here = [path] if ("type" in schema or "enum" in schema) and "description" not in schema else []
        return here + [
            found for name, item in schema.items() for found in undescribed(item, f"{path}/{name}")
        ]

    accounts = schema.configuration()["$defs"]
    assert [path for path in undescribed(accounts, "") if "/not" not in path and "/oneOf" not in path] == []


def test_the_test_keys_are_valid() -> None:
    assert configuration.parse({"accounts": list(TEST_KEYS)}).accounts[0].credit == 1_000_000


def test_a_file_without_accounts_keeps_the_test_keys() -> None:
    loaded = configuration.parse_toml(b"[server]\nport = 8000\n")
    assert (loaded.server, loaded.accounts) == ({"port": 8000}, ())


def test_members_that_a_table_leaves_out_have_their_defaults() -> None:
    settings = configuration.parse_account(
        {
            "key": "k",
            "lines": [{"number": "1000"}],
            "patterns": [{"code": 7, "text": "x"}],
            "otp_apps": [{"id": "a", "template": "{code}"}],
            "fields": [{"id": "F1", "kind": "text"}],
            "phonebooks": [{"id": 5}],
            "otp_names": {"action": "otp"},
            "reply_names": {"credit": "data.credit"},
            "timeline": {"pattern": [0, 1, 2, 3, 4]},
        }
    )
    assert settings.lines["1000"].ordinary
    assert settings.patterns[7].approved
    assert settings.otp_names == ("otp", "appID", "code")
    assert settings.reply_names == (("sendID",), ("data", "credit"))
    assert settings.timeline.pattern == (0, 1000, 2000, 3000, 4000)
    assert settings.timeline.ordinary == (0, 1000, 2000, 3000, 4000, 6000)


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown member": ({"credits": 1}, "credits", "did you mean `credit`?"),
    "unknown member without a neighbour": ({"zzz": 1}, "zzz", "known are"),
    "unknown member of a table": (
        {"prices": {"latin": 1, "unicode": 1, "latn": 1}},
        "prices.latn",
        "`latin`",
    ),
    "missing member of a table": ({"prices": {"latin": 1}}, "prices.unicode", "missing"),
    "wrong type": ({"credit": "1"}, "credit", "whole number from 0; it is '1'"),
    "boolean for a number": ({"credit": True}, "credit", "whole number"),
    "fraction of a rial": ({"credit": 1.5}, "credit", "whole number"),
    "below the range": ({"credit": -1}, "credit", "from 0"),
    "number for a flag": ({"billing_ok": 1}, "billing_ok", "true or false"),
    "unknown word": ({"monitoring": "off"}, "monitoring", '"automatic" or "manual"'),
    "empty key": ({"key": ""}, "key", "1 to 128 visible ASCII"),
    "reserved key": ({"key": "_"}, "key", "1 to 128 visible ASCII"),
    "key with a blank": ({"key": "a b"}, "key", "visible ASCII"),
    "key of 129": ({"key": "k" * 129}, "key", "1 to 128"),
    "bad address": ({"allowed_ips": ["10.0.0.0/8", "x"]}, "allowed_ips[1]", "address or a network"),
    "send type 5": ({"send_types": [1, 5]}, "send_types[1]", "1, 2, 3 or 4"),
    "line number as a number": ({"lines": [{"number": 3000}]}, "lines[0].number", "text"),
    "line twice": ({"lines": [{"number": "1"}, {"number": "1"}]}, "lines[1].number", "used twice"),
    "pattern twice": ({"patterns": [{"code": 1, "text": "a"}] * 2}, "patterns[1].code", "used twice"),
    "phonebook twice": ({"phonebooks": [{"id": 1}] * 2}, "phonebooks[1].id", "used twice"),
    "field twice": ({"fields": [{"id": "F", "kind": "text"}] * 2}, "fields[1].id", "used twice"),
    "application twice": (
        {"otp_apps": [{"id": "a", "template": "{code}"}] * 2},
        "otp_apps[1].id",
        "used twice",
    ),
    "template without a code": (
        {"otp_apps": [{"id": "a", "template": "x"}]},
        "otp_apps[0].template",
        "{code}",
    ),
    "choice without options": (
        {"fields": [{"id": "F", "kind": "choice"}]},
        "fields[0].options",
        "at least one",
    ),
    "contact that is not a number": (
        {"phonebooks": [{"id": 1, "contacts": [{"number": "12"}]}]},
        "phonebooks[0].contacts[0].number",
        "does not begin with 9",
    ),
    "contact twice, written differently": (
        {"phonebooks": [{"id": 1, "contacts": [{"number": "9121234567"}, {"number": "09121234567"}]}]},
        "phonebooks[0].contacts[1].number",
        "in the phonebook twice",
    ),
    "contact with an unknown field": (
        {"phonebooks": [{"id": 1, "contacts": [{"number": "9121234567", "fields": {"F": "x"}}]}]},
        "phonebooks[0].contacts[0].fields.F",
        "no such custom field",
    ),
    "contact with a wrong value": (
        {"phonebooks": [{"id": 1, "contacts": [{"number": "9121234567", "fields": {"FYa12346": "x"}}]}]},
        "phonebooks[0].contacts[0].fields.FYa12346",
        "Jalali",
    ),
    "two contacts with a unique value": (
        {
            "phonebooks": [
                {
                    "id": 1,
                    "contacts": [{"number": f"912000000{n}", "fields": {"FMTAwMg": "x"}} for n in (1, 2)],
                }
            ]
        },
        "phonebooks[0].contacts[1].fields.FMTAwMg",
        "unique",
    ),
    "blacklisted word": ({"blacklist": ["abc"]}, "blacklist[0]", "other than digits"),
    "short timeline": ({"timeline": {"ordinary": [0, 1]}}, "timeline", "six seconds"),
    "falling timeline": ({"timeline": {"pattern": [0, 2, 1, 3, 4]}}, "timeline.pattern", "never decrease"),
    "late timeline": ({"timeline": {"pattern": [1, 2, 3, 4, 5]}}, "timeline.pattern", "begin with 0"),
    "timeline not a number": (
        {"timeline": {"pattern": [0, 1, 2, 3, float("nan")]}},
        "timeline.pattern",
        "never",
    ),
    "unknown outcome": ({"outcomes": {"deliverd": 1}}, "outcomes.deliverd", "`delivered`"),
    "no outcome at all": ({"outcomes": {"delivered": 0}}, "outcomes", "above 0"),
    "another action's name": ({"otp_names": {"action": "send"}}, "otp_names.action", "another action"),
    "another parameter's name": ({"otp_names": {"code": "receivers"}}, "otp_names.code", "another parameter"),
    "another variable": (
        {"otp_apps": [{"id": "a", "template": "{x} {code}"}]},
        "otp_apps[0].template",
        "has {x}",
    ),
    "too much": (
        {"credit": 10**18},
        "credit",
        "rials, a whole number from 0, at most 9007199254740991; it is",
    ),
    "too much of a kind": ({"prices": {"latin": 10**15}}, "prices.latin", "from 0, at most 1000000000000;"),
    "too much, as is said": ({"max_parts": 1001}, "max_parts", "a whole number from 1 to 1000; it is 1001"),
    "one name for two": ({"otp_names": {"app": "x", "code": "x"}}, "otp_names.code", "differ"),
    "reply name taken": ({"reply_names": {"send_id": "result"}}, "reply_names.send_id", "another meaning"),
    "verdict as a reply name": (
        {"reply_names": {"credit": "status"}},
        "reply_names.credit",
        "another meaning",
    ),
    "bad path": ({"reply_names": {"credit": "a..b"}}, "reply_names.credit", "dotted path"),
    "no sends kept": ({"keep_sends": 0}, "keep_sends", "from 1"),
}


@pytest.mark.parametrize(("settings", "path", "hint"), WRONG.values(), ids=WRONG)
def test_a_wrong_setting_is_named_with_what_would_be_right(
    settings: dict[str, Any], path: str, hint: str
) -> None:
    found = problems(**settings)
    assert any(problem.startswith(f"{path}: ") and hint in problem for problem in found), found


def test_all_problems_are_listed() -> None:
    found = problems(credit=-1, monitoring="x", lines=[{"number": "a"}])
    assert [problem.partition(":")[0] for problem in found] == ["credit", "lines[0].number", "monitoring"]


def test_two_accounts_with_one_key_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"accounts\[1\]\.key: another account"):
        configuration.parse({"accounts": [{"key": "a"}, {"key": "a"}]})


def test_an_account_without_a_key_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"accounts\[0\]\.key: missing"):
        configuration.parse({"accounts": [{}]})


def test_the_path_of_a_problem_includes_the_account() -> None:
    with pytest.raises(ConfigurationError, match=r"accounts\[1\]\.prices\.latin: should be rials a part"):
        configuration.parse(
            {"accounts": [{"key": "a"}, {"key": "b", "prices": {"latin": "x", "unicode": 1}}]}
        )


@pytest.mark.parametrize("content", [b"\xff", b"a = ", b"a = 1\na = 2"])
def test_a_file_that_is_not_toml_is_refused(content: bytes) -> None:
    with pytest.raises(ConfigurationError, match="not TOML"):
        configuration.parse_toml(content)


TOML_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@examples(50)
@given(st.dictionaries(st.sampled_from(sorted(DEFAULTS)), TOML_VALUES, max_size=3))
def test_any_document_makes_settings_or_a_message(document: dict[str, Any]) -> None:
    message = ""
    try:
        assert isinstance(configuration.parse_account({"key": "k", **document}), Settings)
    except ConfigurationError as error:
        message = str(error)
    assert "\n" not in message


def test_a_document_of_defaults_is_an_empty_document() -> None:
    text = "prices = { latin = 2000, unicode = 1000 }\nmonitoring = 'automatic'\nkeep_sends = 100_000"
    assert complete(tomllib.loads(text)) == complete({})
