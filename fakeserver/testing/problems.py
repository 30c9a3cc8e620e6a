"""Problems that the control plane reports, in the words of the Python caller: `phone_book`, not
`then.phoneBook`.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from fakeserver.testing.errors import UsageError

# From the members of the control plane, as paths, to the arguments that they are made of.
ArgumentNames = Mapping[str, str]
SAME_NAMES: ArgumentNames = MappingProxyType({})

_NAME = r"[A-Za-z_]\w*(?:\.\w+)*"
_NAMES = re.compile(_NAME)
# What stands in quotes is a value of the caller's own.
_NAMES_IN_TEXT = re.compile(rf"""(?<!\w)'[^']*'|"[^"]*"|{_NAME}""")


def usage_error(
    problems: Iterable[tuple[str, str]], argument_names: ArgumentNames = SAME_NAMES
) -> UsageError:
    """The exception for these problems: pairs of the member at fault, which may be empty, and a message."""
    # In a message a lower-case word such as `from` is plain English.
    names_in_text = {
        member: name for member, name in argument_names.items() if not (member.isalpha() and member.islower())
    }
    translated = [
        (_translate(_NAMES, member, argument_names), _translate(_NAMES_IN_TEXT, message, names_in_text))
        for member, message in problems
    ]
    text = "; ".join(f"{argument}: {message}" if argument else message for argument, message in translated)
    return UsageError(text, _first_name(translated[0][0]))


def _translate(words: re.Pattern[str], text: str, argument_names: ArgumentNames) -> str:
    return words.sub(lambda word: argument_names.get(word[0], word[0]), text)


def _first_name(argument: str) -> str:
    """`prices` for `prices.latin`; empty for `fail()`, which is the call as a whole."""
    return "" if argument.endswith("()") else re.split(r"[.\[]", argument, maxsplit=1)[0]
