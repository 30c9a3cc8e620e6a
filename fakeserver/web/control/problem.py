"""Misuse of the control plane: RFC 9457 problem documents that name the member at fault."""

from collections.abc import Sequence
from http import HTTPStatus

from aiohttp import web

from fakeserver.settings.schema import Problem

CONTENT_TYPE = "application/problem+json"


class ControlError(Exception):
    """A control request was refused; nothing has changed. It is answered with a problem document."""

    def __init__(self, status: int, problems: Sequence[Problem]) -> None:
        self.status, self.problems = status, tuple(problems)
        super().__init__(self.detail)

    @property
    def detail(self) -> str:
        return "; ".join(map(str, self.problems))


def control_error(status: int, message: str, member: str = "") -> ControlError:
    """The error for one member at fault, or for the request as a whole."""
    return ControlError(status, [Problem(member, message)])


def problem_response(error: ControlError) -> web.Response:
    document = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.detail,
        "errors": [{"member": path, "detail": message} for path, message in error.problems],
    }
    first = error.problems[0].path
    if first:
        document["member"] = first
    headers = {"WWW-Authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else None
    return web.json_response(document, status=error.status, content_type=CONTENT_TYPE, headers=headers)
