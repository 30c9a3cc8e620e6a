"""The inbox page as it is served: files that can be trusted with whatever is shown in them."""

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path, PurePosixPath

import aiohttp
import pytest

from fakeserver.web.app import Options
from fakeserver.web.control.guard import Guard
from tests.web.http import Served, served

FOLDER = files("fakeserver.web.inbox") / "static"
TEXTS = {file.name: file.read_text("utf-8") for file in FOLDER.iterdir()}
MODULES = sorted(name for name in TEXTS if name.endswith(".js"))
ADDRESSES = {name: f"/_fake/ui/{name}" for name in TEXTS if name != "index.html"}
PATHS = ["/", "/_fake/ui", "/_fake/ui/", *ADDRESSES.values()]
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

# What a policy allows, and no more.
POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "connect-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'none'"],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["'none'"],
}
NAMESPACE = "http://www.w3.org/2000/svg"  # a name, which nobody looks up
IMPORT = re.compile(r"""\bimport\s*(?:\(\s*|[^"';]*?from\s*)?["']([^"']+)["']""")
MARKUP = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "srcdoc", "setHTML")


@pytest.fixture
async def server() -> AsyncIterator[Served]:
    async with served() as running:
        yield running


async def get(server: Served, path: str, **headers: str) -> aiohttp.ClientResponse:
    async with (
        aiohttp.ClientSession() as session,
        session.get(server.url + path, headers=headers) as reply,
    ):
        await reply.read()
        return reply


@pytest.mark.parametrize("path", PATHS)
async def test_every_file_is_served_as_what_it_is_and_under_a_strict_policy(
    server: Served, path: str
) -> None:
    reply = await get(server, path)
    name = PurePosixPath(path).name if path in ADDRESSES.values() else "index.html"
    assert (reply.status, reply.content_type) == (200, TYPES[PurePosixPath(name).suffix])
    assert reply.charset == (None if name.endswith(".svg") else "utf-8")
    assert await reply.text("utf-8") == TEXTS[name]
    policy = [directive.split() for directive in reply.headers["Content-Security-Policy"].split(";")]
    assert {name: sources for name, *sources in policy} == POLICY
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["X-Frame-Options"] == "DENY"
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert reply.headers["Cache-Control"] == "no-cache"
    assert not any(name.lower().startswith("access-control-") for name in reply.headers)


@pytest.mark.parametrize("path", PATHS)
async def test_the_files_need_no_token_and_the_data_does(path: str) -> None:
    async with served(options=Options(guard=Guard(token="sesame"))) as server:
        assert (await get(server, path)).status == 200
        assert (await get(server, "/_fake/accounts")).status == 401


@pytest.mark.parametrize("path", PATHS)
async def test_no_file_is_served_under_a_foreign_name_or_to_a_foreign_page(server: Served, path: str) -> None:
    for headers in (
        {"Host": "evil.example"},
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        reply = await get(server, path, **headers)
        assert (reply.status, reply.content_type) == (403, "application/problem+json"), headers


@pytest.mark.parametrize("path", PATHS)
async def test_without_the_page_nothing_of_it_is_served(path: str) -> None:
    async with served(options=Options(front_page=False)) as server:
        reply = await get(server, path)
        assert reply.status == 404
        assert reply.content_type in {"text/plain", "application/problem+json"}


@pytest.mark.parametrize(
    "path", ["/_fake/ui/page.py", "/_fake/ui/../page.py", "/_fake/ui/%2e%2e/page.py", "/_fake/ui/index"]
)
async def test_nothing_else_is_served(server: Served, path: str) -> None:
    assert (await get(server, path)).status == 404


async def test_what_somebody_has_left_beside_the_files_is_not_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for name in ("index.html", "main.js", "notes.txt", "main.js~"):
        (folder / name).write_text(name)
    monkeypatch.setattr("fakeserver.web.inbox.page.FOLDER", folder)
    async with served() as server:
        statuses = [(await get(server, f"/_fake/ui/{file.name}")).status for file in sorted(folder.iterdir())]
    assert statuses == [404, 200, 404, 404]  # index.html has no name of its own


async def test_the_page_is_only_read(server: Served) -> None:
    async with aiohttp.ClientSession() as session:
        for method in ("POST", "PUT", "DELETE"):
            async with session.request(method, f"{server.url}/_fake/ui") as reply:
                assert reply.status == 405


class _Seen(HTMLParser):
    """What a document executes, styles and loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.inline: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")
            if name in {"src", "href"} and value is not None:
                self.loaded.append(value)

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside[-1] in {"script", "style"} and data.strip():
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass


def test_no_script_and_no_style_is_inline() -> None:
    for name in ("index.html", "icon.svg"):
        assert _Seen(TEXTS[name]).inline == []
    for name in MODULES:
        assert not re.search(
            r"""["'`](?:style|javascript:)|\bcssText\b|\beval\(|new Function""", TEXTS[name]
        ), name


def test_all_that_is_loaded_is_there() -> None:
    loaded = _Seen(TEXTS["index.html"]).loaded
    assert set(loaded) <= set(ADDRESSES.values())
    assert {"/_fake/ui/main.js", "/_fake/ui/style.css"} <= set(loaded)
    for name in MODULES:
        for imported in IMPORT.findall(TEXTS[name]):
            assert imported.removeprefix("./") in MODULES, (name, imported)


def test_every_module_is_imported_and_everything_that_is_imported_is_exported() -> None:
    imported = {one.removeprefix("./") for name in MODULES for one in IMPORT.findall(TEXTS[name])}
    assert imported == set(MODULES) - {"main.js"}
    for name in MODULES:
        for names, module in re.findall(r'import \{([^}]*)\} from "\./([^"]+)"', TEXTS[name]):
            exported = set(re.findall(r"export (?:async )?(?:function|class|const) (\w+)", TEXTS[module]))
            assert {one.strip() for one in names.split(",") if one.strip()} <= exported, (name, module)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_no_file_names_another_host(name: str) -> None:
    text = TEXTS[name].replace(NAMESPACE, "")
    assert (
        re.findall(
            r"(?:[a-z]+:)?//[a-z0-9]", re.sub(r"^\s*//.*$|\s// .*$|://\$", "", text, flags=re.MULTILINE)
        )
        == []
    )
    assert not re.search(r"@import|\burl\(", text)


@pytest.mark.parametrize("name", MODULES)
def test_no_module_makes_elements_of_markup(name: str) -> None:
    assert [one for one in MARKUP if one in TEXTS[name]] == []


def test_the_files_are_small_and_have_no_other_kinds() -> None:
    assert {PurePosixPath(name).suffix for name in TEXTS} == set(TYPES)
    assert max(map(len, TEXTS.values())) < 20_000
    assert sum(len(text.encode()) for text in TEXTS.values()) < 100_000
