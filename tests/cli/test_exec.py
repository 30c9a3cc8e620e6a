"""`fakeserver exec -- CMD`: the server runs while CMD does, and the exit status is that of CMD."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import termios
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cli.conftest import RunMain
from tests.command import COMMAND, environment, error_line, process, run, run_in_shell, wait_until

PYTHON = sys.executable
PRINT_VARIABLES = (
    "import os, json; print(json.dumps({k: v for k, v in os.environ.items() if k.startswith('PANEL_')}))"
)
PRINT_CREDIT = """
import json, os, urllib.request
headers = {"Authorization": os.environ["PANEL_API_KEY"]}
request = urllib.request.Request(os.environ["PANEL_ENDPOINT"], b"action=credit", headers)
print(json.load(urllib.request.urlopen(request)))
"""
# Counts the SIGINTs that it receives. It asks the server a few times after the first, which takes longer than
# a second signal would.
COUNT_INTERRUPTS = """
import os, signal, urllib.request
count = 0
def increment(*_):
    global count
    count += 1
signal.signal(signal.SIGINT, increment)
print("ready", flush=True)
while not count:
    signal.pause()
for _ in range(3):
    urllib.request.urlopen(os.environ["PANEL_URL"] + "/_fake/health").close()
print(f"received {count} signals", flush=True)
"""


def has_ended(pid: int) -> bool:
    """Whether the process has ended; it may be a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


@pytest.mark.parametrize("status", [0, 3, 255])
def test_the_exit_status_is_that_of_the_command(run_main: RunMain, status: int) -> None:
    assert run_main("exec", "--", PYTHON, "-c", f"raise SystemExit({status})").returncode == status


def test_the_exit_status_after_a_signal_is_128_and_its_number(run_main: RunMain) -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run_main("exec", "--", PYTHON, "-c", code).returncode == 128 + signal.SIGKILL


def test_the_command_can_use_the_server_and_has_standard_output_for_itself(run_main: RunMain) -> None:
    result = run_main("exec", "--", PYTHON, "-c", PRINT_CREDIT)
    assert result.stdout == "{'result': '1', 'credit': '1000000'}\n"
    assert result.stderr.startswith("fakeserver: listens on http://127.0.0.1:")
    assert result.stderr.count("\n") == 1


def test_the_command_reads_standard_input() -> None:
    with process("exec", "--", "cat", "--", "-") as running:
        output, _ = running.communicate("hello", timeout=20)
    assert output == "hello"


def test_the_arguments_of_the_command_are_not_changed(run_main: RunMain) -> None:
    assert run_main("exec", "--", "echo", "--port", "-h", "--").stdout == "--port -h --\n"


def test_the_environment_has_the_addresses_and_the_first_key(run_main: RunMain, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[server]\nport = 1\n[[accounts]]\nkey = "first"\n[[accounts]]\nkey = "second"\n')
    result = run_main(
        "exec", "-c", str(config), "--", PYTHON, "-c", PRINT_VARIABLES, PANEL_CONTROL_TOKEN="inherited"
    )
    variables = json.loads(result.stdout)
    assert variables == {
        "PANEL_URL": variables["PANEL_URL"],
        "PANEL_ENDPOINT": variables["PANEL_URL"] + "/webservice/server",
        "PANEL_API_KEY": "first",
    }
    assert urlsplit(variables["PANEL_URL"]).port not in {1, 1403}


def test_the_environment_has_the_token_and_a_reachable_address(run_main: RunMain) -> None:
    result = run_main(
        "exec", "-H", "0.0.0.0", "--control-token", "s3cret", "--", PYTHON, "-c", PRINT_VARIABLES
    )
    variables = json.loads(result.stdout)
    assert variables["PANEL_CONTROL_TOKEN"] == "s3cret"
    assert variables["PANEL_URL"].startswith("http://127.0.0.1:")


def test_the_port_is_closed_at_the_end(run_main: RunMain) -> None:
    url = json.loads(run_main("exec", "--", PYTHON, "-c", PRINT_VARIABLES).stdout)["PANEL_URL"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=5)


def test_a_port_that_is_given_is_used(run_main: RunMain, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        file = tmp_path / "ran"
        assert port in error_line(run_main("exec", "-p", port, "--", "touch", str(file)))
        assert port in error_line(run_main("exec", "--", "touch", str(file), FAKESERVER_PORT=port))
    assert not file.exists()


def test_a_missing_command_is_exit_status_127(run_main: RunMain) -> None:
    line = error_line(run_main("exec", "--", "no-such-command-anywhere"), 127)
    assert line == "cannot run no-such-command-anywhere: No such file or directory"


def test_a_file_that_is_not_executable_is_exit_status_126(run_main: RunMain, tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x")
    for path in (tmp_path, tmp_path / "plain"):
        assert error_line(run_main("exec", "--", str(path)), 126) == f"cannot run {path}: Permission denied"


@pytest.mark.parametrize("arguments", [["exec"], ["exec", "--"], ["exec", "-p", "0"]])
def test_exec_needs_a_command(run_main: RunMain, arguments: list[str]) -> None:
    assert "needs a command" in error_line(run_main(*arguments))


def test_the_command_is_after_the_dashes(run_main: RunMain) -> None:
    assert "unrecognized arguments: true" in error_line(run_main("exec", "true", "--", "true"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_command_and_what_it_has_started(number: signal.Signals) -> None:
    with process("exec", "--", "sh", "-c", "sleep 300 & echo $$ $!; wait") as running:
        assert running.stdout is not None
        pids = [int(word) for word in running.stdout.readline().split()]
        running.send_signal(number)
        running.communicate(timeout=20)
        assert running.returncode == 128 + number
        wait_until(lambda: all(map(has_ended, pids)))


def test_processes_that_the_command_leaves_behind_are_ended() -> None:
    result = run("exec", "--", "sh", "-c", "sleep 300 >/dev/null 2>&1 & echo $!; exit 4")
    assert result.returncode == 4
    wait_until(lambda: has_ended(int(result.stdout)))


@pytest.mark.slow
def test_a_command_that_ignores_the_signal_is_killed() -> None:
    code = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); signal.pause()"
    )
    with process("exec", "--", PYTHON, "-c", code) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "1\n"
        running.terminate()
        running.communicate(timeout=20)
        assert running.returncode == 128 + signal.SIGKILL


def test_an_interrupt_is_forwarded_once_and_the_command_decides() -> None:
    with process("exec", "--", PYTHON, "-c", COUNT_INTERRUPTS) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        running.send_signal(signal.SIGINT)
        output, errors = running.communicate(timeout=20)
    assert (running.returncode, output) == (0, "received 1 signals\n")
    assert "Traceback" not in errors


def test_a_hangup_that_is_ignored_at_the_start_stays_ignored() -> None:
    code = """
import os, signal, urllib.request
os.kill(os.getppid(), signal.SIGHUP)
urllib.request.urlopen(os.environ["PANEL_URL"] + "/_fake/health").close()
print("ignored:", signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)
"""
    nohup = f"trap '' HUP; exec {' '.join(COMMAND)} exec -- {PYTHON} -c \"$0\""
    result = subprocess.run(
        ["sh", "-c", nohup, code],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=environment(),
    )
    assert (result.returncode, result.stdout) == (0, "ignored: True\n")


def test_an_interrupt_from_the_terminal_is_received_once() -> None:
    # Ctrl-C goes to the whole foreground group of the terminal.
    pid, terminal = pty.fork()
    if pid == 0:
        command = [*COMMAND, "exec", "--", PYTHON, "-c", COUNT_INTERRUPTS]
        os.execve(command[0], command, environment())  # noqa: S606
    try:
        output = read_until(terminal, b"ready")
        os.write(terminal, termios.tcgetattr(terminal)[6][termios.VINTR])
        output += read_until(terminal, b"signals")
        assert b"received 1 signals" in output
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    finally:
        os.close(terminal)


def read_until(terminal: int, word: bytes) -> bytes:
    output = b""
    while word not in output:
        output += os.read(terminal, 1000)
    return output


def test_closed_standard_streams_are_no_problem() -> None:
    for streams in ("2>&-", "2>/dev/full"):
        result = run_in_shell(f"exec -- sh -c 'echo done; exit 3' {streams}")
        assert (result.returncode, result.stdout) == (3, "done\n")
    assert run_in_shell("exec -- sh -c 'exit 3' <&- >&-").returncode == 3


def test_its_messages_have_the_format_of_the_log(run_main: RunMain) -> None:
    errors = run_main("exec", "--log-format", "json", "--", "true").stderr
    assert json.loads(errors)["message"].startswith("listens on http://127.0.0.1:")
