"""The `console` blocks of a page: one session. A command follows a dollar sign, and its output follows it.

    $ curl -s http://127.0.0.1:1403/_fake/health
    {"status": "ok"}

All blocks of a page run in their order, on a fresh server that stands for the one at port 1403. The files
that the page names in the first line of a block are in the folder. The server's real time stands still.
"""

import asyncio
import os
import re
import shlex
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import NamedTuple

from tests.command import environment
from tests.docs.markdown import Block, blocks, read
from tests.web.serving import serve

ADDRESS = "http://127.0.0.1:1403"
SECONDS = 60.0
LANGUAGE = "console"
_OTHER_PORT = re.compile(r"127\.0\.0\.1:(?!1403\b)\d+")


class Step(NamedTuple):
    """A command and what it prints, both as the page has them."""

    command: str
    output: str


def steps(block: Block) -> list[Step]:
    """The commands of a block. A line that begins with `> ` continues a command."""
    found = []
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        while output.startswith("> "):
            more, _, output = output.removeprefix("> ").partition("\n")
            command += f"\n{more}"
        found.append(Step(command, output))
    return found


async def run(page: str) -> list[tuple[Block, list[Step]]]:
    """The page's session as it runs now."""
    found = blocks(page, LANGUAGE)
    if not found:
        return []
    with tempfile.TemporaryDirectory() as folder:
        async with serve() as server:
            write_files(Path(folder), blocks(page), server.url)
            return [
                (block, [step async for step in _run(steps(block), Path(folder), server.url)])
                for block in found
            ]


async def _run(asked: Iterable[Step], folder: Path, url: str) -> AsyncIterator[Step]:
    for step in asked:
        output = await _output(step.command.replace(ADDRESS, url), folder)
        output = _OTHER_PORT.sub("127.0.0.1:41403", output.replace(url, ADDRESS))
        yield Step(step.command, output if output.endswith("\n") or not output else f"{output}\n")


async def _output(command: str, folder: Path) -> str:
    """What a command prints, standard error included."""
    process = await asyncio.create_subprocess_exec(
        "sh",
        "-c",
        command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=folder,
        env=commands_on_path(folder),
    )
    output, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    return output.decode()


def write_files(folder: Path, found: Iterable[Block], url: str = ADDRESS) -> None:
    """Write the blocks that name a file."""
    for block in found:
        if block.file_name is not None:
            path = folder / block.file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text.replace(ADDRESS, url), "utf-8")


def commands_on_path(folder: Path) -> dict[str, str]:
    """An environment in which the commands that the package installs are those of this checkout."""
    scripts = folder / ".commands"
    if not scripts.exists():
        scripts.mkdir()
        put(scripts / "python", [sys.executable])
        put(scripts / "sudo", [])  # runs its command with the rights that there are
        put(scripts / "pytest", [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"])
        put(scripts / "fakeserver", [sys.executable, "-m", "fakeserver"])
        put(scripts / "mydnspanel-contracts", [sys.executable, "-m", "mydnspanel_contracts"])
    return environment(PATH=f"{scripts}:{os.environ['PATH']}")


def put(path: Path, command: list[str]) -> None:
    """Make a command that runs another."""
    path.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    path.chmod(0o755)


async def written(page: str) -> str:
    """The page with the outputs of its session as they are now."""
    text = read(page)
    for block, done in await run(page):
        body = "".join("$ " + step.command.replace("\n", "\n> ") + f"\n{step.output}" for step in done)
        text = text.replace(f"```{LANGUAGE}\n{block.text}```", f"```{LANGUAGE}\n{body}```")
    return text
