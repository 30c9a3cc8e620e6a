"""The server as a process of its own, its memory and its log: what the fuzzer and the soak test look at."""

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.command import environment

COUNTED = [sys.executable, "-m", "tests.fuzz.counted"]
SECONDS = 20.0  # until a server must have begun to listen, or to have ended
_TRACE = re.compile(r"^Traceback .*\n(?: .*\n)*.*", re.MULTILINE)
_RSS = re.compile(r"^VmRSS:\s+([0-9]+) kB$", re.MULTILINE)


@dataclass
class Server:
    """`log` is the file that holds its standard error."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def mebibytes(self) -> float:
        """Its resident memory, as the kernel counts it."""
        told = _RSS.search(Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii"))
        return int(told[1]) / 1024 if told else 0.0

    def blocks(self) -> int:
        """How many pieces of memory live in it. What it has of the kernel depends on the largest requests
        that it once had to do with at the same time; this does not.
        """
        counted = self.log.with_name("counted")
        counted.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR2)
        deadline = time.monotonic() + SECONDS
        while not counted.exists():
            if time.monotonic() > deadline or self.process.poll() is not None:
                return 0
            time.sleep(0.002)
        return int(counted.read_text("ascii"))

    def traces(self) -> list[str]:
        """The tracebacks in its log."""
        return _TRACE.findall(self.log.read_text(errors="replace"))

    def ends_well(self) -> bool:
        """Whether it stops when it is asked to, with status 0."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS) == 0


@contextmanager
def served(config: str, *arguments: str) -> Iterator[Server]:
    """A server with that configuration file's text, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="served-") as directory:
        file, port_file, log = (Path(directory) / name for name in ("fake.toml", "port", "log"))
        file.write_text(config, encoding="utf-8")
        command = [*COUNTED, "-p", "0", "--port-file", str(port_file), "-c", str(file), *arguments]
        variables = environment(COUNTED=str(log.with_name("counted")))
        with (
            log.open("wb") as errors,
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=variables) as process,
        ):
            try:
                yield Server(process, _port(port_file, process), log)
            finally:
                process.kill()


def _port(file: Path, process: "subprocess.Popen[bytes]") -> int:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if file.exists() and (text := file.read_text(encoding="ascii").strip()):
            return int(text)
        time.sleep(0.01)
    raise TimeoutError("the server did not begin to listen")
