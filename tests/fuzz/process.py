"""The server as a process, with its memory and its log, for the fuzzer and the soak test."""

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

COMMAND = [sys.executable, "-m", "tests.fuzz.counting_server"]
TIMEOUT_SECONDS = 20.0  # for the server to start, or to stop
_TRACEBACK = re.compile(r"^Traceback .*\n(?: .*\n)*.*", re.MULTILINE)
_RESIDENT = re.compile(r"^VmRSS:\s+([0-9]+) kB$", re.MULTILINE)


@dataclass
class ServerProcess:
    """`log` is the file with its standard error."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def memory_mib(self) -> float:
        """Its resident memory, as the kernel counts it."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        match = _RESIDENT.search(status)
        return int(match[1]) / 1024 if match else 0.0

    def memory_blocks(self) -> int:
        """The number of its living memory blocks; 0 when it does not answer. Unlike the resident memory, it
        does not depend on the largest requests that were handled at the same time.
        """
        file = self.log.with_name("blocks")
        file.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR2)
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not file.exists():
            if time.monotonic() > deadline or self.process.poll() is not None:
                return 0
            time.sleep(0.002)
        return int(file.read_text("ascii"))

    def tracebacks(self) -> list[str]:
        """The tracebacks in its log."""
        return _TRACEBACK.findall(self.log.read_text(errors="replace"))

    def stop(self) -> int:
        """Stop it with SIGTERM and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(TIMEOUT_SECONDS)


@contextmanager
def run_server(configuration: str, *arguments: str) -> Iterator[ServerProcess]:
    """Run a server with this configuration file until the block ends."""
    with tempfile.TemporaryDirectory(prefix="fakeserver-") as directory:
        file, port_file, log = (Path(directory) / name for name in ("fake.toml", "port", "log"))
        file.write_text(configuration, encoding="utf-8")
        command = [*COMMAND, "-p", "0", "--port-file", str(port_file), "-c", str(file), *arguments]
        variables = environment(BLOCKS_FILE=str(log.with_name("blocks")))
        with (
            log.open("wb") as errors,
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=variables) as process,
        ):
            try:
                yield ServerProcess(process, _wait_for_port(port_file, process), log)
            finally:
                process.kill()


def _wait_for_port(file: Path, process: "subprocess.Popen[bytes]") -> int:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if file.exists() and (text := file.read_text(encoding="ascii").strip()):
            return int(text)
        time.sleep(0.01)
    raise TimeoutError("the server did not start to listen")
