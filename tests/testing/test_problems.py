"""`usage_error`: problems of the control plane in the words of the caller."""

import pytest

from fakeserver.testing.problems import usage_error

NAMES = {
    "from": "from_",
    "when.to": "to",
    "then.httpBody": "http_body",
    "httpBody": "http_body",
    "then": "fail()",
}


@pytest.mark.parametrize(
    ("member", "message", "text", "argument"),
    [
        ("credit", "unknown", "credit: unknown", "credit"),
        ("prices.latin", "should be 5", "prices.latin: should be 5", "prices"),
        ("lines[0].number", "missing", "lines[0].number: missing", "lines"),
        ("", "the body is not JSON", "the body is not JSON", ""),
        ("then.httpBody", "too long", "http_body: too long", "http_body"),
        ("when.to[1]", "not a number", "to[1]: not a number", "to"),
        ("then", "httpBody needs http", "fail(): http_body needs http", ""),
        ("from", "from 1 to 64 characters", "from_: from 1 to 64 characters", "from_"),
    ],
)
def test_members_become_arguments(member: str, message: str, text: str, argument: str) -> None:
    error = usage_error([(member, message)], NAMES)
    assert (str(error), error.argument) == (text, argument)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("it is 'httpBody'", "it is 'httpBody'"),
        ('it is "a then.httpBody"', 'it is "a then.httpBody"'),
        ("the rule's httpBody is not the proxy's", "the rule's http_body is not the proxy's"),
        ("`then.httpBody`, httpBody.", "`http_body`, http_body."),
    ],
)
def test_a_message_keeps_the_values_in_quotes(message: str, text: str) -> None:
    assert str(usage_error([("", message)], NAMES)) == text


def test_several_problems_are_one_message_and_the_first_names_the_argument() -> None:
    error = usage_error([("from", "missing"), ("text", "missing")], NAMES)
    assert (str(error), error.argument) == ("from_: missing; text: missing", "from_")
