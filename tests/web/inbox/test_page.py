"""The inbox page as it is served: files that may show any text safely."""

import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path, PurePosixPath

import pytest

from fakeserver.web.app import Options
from fakeserver.web.control.guard import Guard
from tests.web.control_client import ACCOUNTS, ControlClient, assert_problem, control_client

FOLDER = files("fakeserver.web.inbox") / "static"
TEXTS = {file.name: file.read_text("utf-8") for file in FOLDER.iterdir()}
MODULES = sorted(name for name in TEXTS if name.endswith(".js"))
URLS = {name: f"/_fake/ui/{name}" for name in TEXTS if name != "index.html"}
PATHS = {"/": "index.html", "/_fake/ui": "index.html", "/_fake/ui/": "index.html"} | {
    path: name for name, path in URLS.items()
}
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
CONTENT_SECURITY_POLICY = {
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
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
SVG_NAMESPACE = "http://www.w3.org/2000/svg"  # a name that nothing looks up
IMPORT = re.compile(r"""\bimport\s*(?:\(\s*|[^"';]*?from\s*)?["']([^"']+)["']""")
MARKUP = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "srcdoc", "setHTML")


# What is served


async def test_every_file_is_served_with_its_type_and_a_strict_policy(control: ControlClient) -> None:
    for path, name in PATHS.items():
        response = await control.request("GET", path)
        assert (response.status, response.text) == (200, TEXTS[name])
        assert response.headers["Content-Type"] == TYPES[PurePosixPath(name).suffix]
        directives = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
        assert {directive: sources for directive, *sources in directives} == CONTENT_SECURITY_POLICY
        assert {header: response.headers[header] for header in SECURITY_HEADERS} == SECURITY_HEADERS


async def test_the_files_need_no_token_but_the_data_does() -> None:
    async with control_client(options=Options(guard=Guard(token="secret"))) as control:
        for path in PATHS:
            assert (await control.request("GET", path)).status == 200
        assert (await control.request("GET", ACCOUNTS)).status == 401


async def test_no_file_is_served_under_a_foreign_name_or_to_a_foreign_page(control: ControlClient) -> None:
    for path in PATHS:
        for name, value in (
            ("Host", "evil.example"),
            ("Origin", "http://evil.example"),
            ("Sec-Fetch-Site", "cross-site"),
        ):
            assert_problem(await control.request("GET", path, headers={name: value}), 403)


async def test_the_page_can_be_switched_off() -> None:
    async with control_client(options=Options(front_page=False)) as control:
        for path in PATHS:
            assert (await control.request("GET", path)).status == 404


async def test_nothing_else_is_served(control: ControlClient) -> None:
    for path in ("page.py", "../page.py", "%2e%2e/page.py", "index", "index.html"):
        assert (await control.request("GET", f"/_fake/ui/{path}")).status == 404
    for method in ("POST", "PUT", "DELETE"):
        assert (await control.request(method, "/_fake/ui")).status == 405


async def test_other_files_in_the_folder_are_not_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("index.html", "main.js", "notes.txt", "main.js~"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr("fakeserver.web.inbox.page.FOLDER", tmp_path)
    async with control_client() as control:
        for name, status in (("main.js", 200), ("notes.txt", 404), ("main.js~", 404)):
            assert (await control.request("GET", f"/_fake/ui/{name}")).status == status


# What the files contain


class PageParser(HTMLParser):
    """The inline scripts and styles of a document, and the URLs that it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.loaded: list[str] = []
        self._open_tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open_tags.append(tag)
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")
            if name in {"src", "href"} and value is not None:
                self.loaded.append(value)

    def handle_data(self, data: str) -> None:
        if self._open_tags and self._open_tags[-1] in {"script", "style"} and data.strip():
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self._open_tags and self._open_tags.pop() != tag:
            pass


def imported_modules(name: str) -> set[str]:
    return {module.removeprefix("./") for module in IMPORT.findall(TEXTS[name])}


def test_no_script_and_no_style_is_inline() -> None:
    for name in ("index.html", "icon.svg"):
        assert PageParser(TEXTS[name]).inline == []
    inline = re.compile(r"""["'`](?:style|javascript:)|\bcssText\b|\beval\(|new Function""")
    assert [name for name in MODULES if inline.search(TEXTS[name])] == []


def test_no_module_makes_elements_from_markup() -> None:
    assert [(name, word) for name in MODULES for word in MARKUP if word in TEXTS[name]] == []


def test_everything_that_is_loaded_exists() -> None:
    loaded = set(PageParser(TEXTS["index.html"]).loaded)
    assert {"/_fake/ui/main.js", "/_fake/ui/style.css"} <= loaded <= set(URLS.values())


def test_every_module_is_imported_and_every_imported_name_is_exported() -> None:
    assert set().union(*map(imported_modules, MODULES)) == set(MODULES) - {"main.js"}
    for name in MODULES:
        for names, module in re.findall(r'import \{([^}]*)\} from "\./([^"]+)"', TEXTS[name]):
            exported = re.findall(r"export (?:async )?(?:function|class|const) (\w+)", TEXTS[module])
            assert {one.strip() for one in names.split(",") if one.strip()} <= set(exported), (name, module)


def test_no_file_names_another_host() -> None:
    comment = re.compile(r"^\s*//.*$|\s// .*$|://\$", re.MULTILINE)
    for name, text in TEXTS.items():
        code = comment.sub("", text.replace(SVG_NAMESPACE, ""))
        assert re.findall(r"(?:[a-z]+:)?//[a-z0-9]|@import|\burl\(", code) == [], name


def test_the_files_are_small_and_of_the_known_types() -> None:
    assert {PurePosixPath(name).suffix for name in TEXTS} == set(TYPES)
    assert max(map(len, TEXTS.values())) < 20_000
    assert sum(len(text.encode()) for text in TEXTS.values()) < 100_000
