"""`fakeserver exec -- CMD`: the server lives exactly as long as the command, whose status is kept."""

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

from tests.command import COMMAND, environment, one_line, process, run, run_in_shell, until

PYTHON = sys.executable
PROBE = "import os, json; print(json.dumps({k: v for k, v in os.environ.items() if k.startswith('PANEL_')}))"
ASK = """
import json, os, urllib.request
headers = {"Authorization": os.environ["PANEL_API_KEY"]}
request = urllib.request.Request(os.environ["PANEL_ENDPOINT"], b"action=credit", headers)
print(json.load(urllib.request.urlopen(request)))
"""
# Says what it is, then notes every SIGINT; it ends after a later answer of the server, so that a second
# signal, had there been one, would have come before.
COUNT = """
import os, signal, urllib.request
count = 0
def note(*_):
    global count
    count += 1
signal.signal(signal.SIGINT, note)
print("ready", flush=True)
while not count:
    signal.pause()
for _ in range(3):
    urllib.request.urlopen(os.environ["PANEL_URL"] + "/_fake/health").close()
print(f"SIGINT came {count} times", flush=True)
"""


def is_gone(pid: int) -> bool:
    """Whether no process has that id; one that has ended and waits to be noticed does not count."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


@pytest.mark.parametrize("status", [0, 3, 255])
def test_the_status_of_the_command_is_kept(status: int) -> None:
    assert run("exec", "--", PYTHON, "-c", f"raise SystemExit({status})").returncode == status


def test_a_command_that_a_signal_ends_gives_128_and_its_number() -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run("exec", "--", PYTHON, "-c", code).returncode == 128 + signal.SIGKILL


def test_the_command_can_use_the_server_and_standard_output_is_its_own() -> None:
    result = run("exec", "--", PYTHON, "-c", ASK)
    assert result.stdout == "{'result': '1', 'credit': '1000000'}\n"
    assert result.stderr.startswith("fakeserver: listens on http://127.0.0.1:")
    assert result.stderr.count("\n") == 1


def test_the_command_reads_standard_input_and_its_arguments_are_untouched() -> None:
    arguments = ["exec", "--", "cat", "--", "-"]
    with process(*arguments) as running:
        out, _ = running.communicate(timeout=20)
    assert out == ""
    assert run("exec", "--", "echo", "--port", "-h", "--").stdout == "--port -h --\n"


def test_the_environment_says_where_and_with_which_key(tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[server]\nport = 1\n[[accounts]]\nkey = "first"\n[[accounts]]\nkey = "second"\n')
    result = run("exec", "-c", str(config), "--", PYTHON, "-c", PROBE, PANEL_CONTROL_TOKEN="another's")
    told = json.loads(result.stdout)
    assert told == {
        "PANEL_URL": told["PANEL_URL"],
        "PANEL_ENDPOINT": told["PANEL_URL"] + "/webservice/server",
        "PANEL_API_KEY": "first",
    }
    assert urlsplit(told["PANEL_URL"]).port not in {1, 1403}


def test_the_environment_has_the_token_and_an_address_that_can_be_reached() -> None:
    result = run("exec", "-H", "0.0.0.0", "--control-token", "s3cret", "--", PYTHON, "-c", PROBE)
    told = json.loads(result.stdout)
    assert told["PANEL_CONTROL_TOKEN"] == "s3cret"
    assert told["PANEL_URL"].startswith("http://127.0.0.1:")


def test_nothing_listens_afterwards() -> None:
    url = json.loads(run("exec", "--", PYTHON, "-c", PROBE).stdout)["PANEL_URL"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=5)


def test_a_port_that_is_given_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        mark = tmp_path / "ran"
        assert port in one_line(run("exec", "-p", port, "--", "touch", str(mark)))
        assert port in one_line(run("exec", "--", "touch", str(mark), FAKESERVER_PORT=port))
    assert not mark.exists()


def test_a_missing_command_is_one_line_and_127() -> None:
    said = one_line(run("exec", "--", "no-such-command-anywhere"), 127)
    assert said == "cannot run no-such-command-anywhere: No such file or directory"


def test_a_file_that_cannot_be_executed_is_one_line_and_126(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x")
    for path in (tmp_path, tmp_path / "plain"):
        assert one_line(run("exec", "--", str(path)), 126) == f"cannot run {path}: Permission denied"


@pytest.mark.parametrize("arguments", [["exec"], ["exec", "--"], ["exec", "-p", "0"]])
def test_exec_without_a_command_is_one_line(arguments: list[str]) -> None:
    assert "needs a command" in one_line(run(*arguments))


def test_exec_takes_no_command_before_the_dashes() -> None:
    assert "unrecognized arguments: true" in one_line(run("exec", "true", "--", "true"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_fakeserver_ends_the_command_and_what_it_started(number: signal.Signals) -> None:
    with process("exec", "--", "sh", "-c", "sleep 300 & echo $$ $!; wait") as running:
        assert running.stdout is not None
        pids = [int(word) for word in running.stdout.readline().split()]
        running.send_signal(number)
        running.communicate(timeout=20)
        assert running.returncode == 128 + number
        until(lambda: all(map(is_gone, pids)))


def test_what_the_command_leaves_behind_is_ended() -> None:
    result = run("exec", "--", "sh", "-c", "sleep 300 >/dev/null 2>&1 & echo $!; exit 4")
    assert result.returncode == 4
    until(lambda: is_gone(int(result.stdout)))


def test_a_command_that_ignores_the_end_is_made_to() -> None:
    code = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); signal.pause()"
    )
    with process("exec", "--", PYTHON, "-c", code) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "1\n"
        running.terminate()
        running.communicate(timeout=20)
        assert running.returncode == 128 + signal.SIGKILL


def test_an_interrupt_is_passed_on_once_and_the_command_decides() -> None:
    with process("exec", "--", PYTHON, "-c", COUNT) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        running.send_signal(signal.SIGINT)
        out, errors = running.communicate(timeout=20)
    assert (running.returncode, out) == (0, "SIGINT came 1 times\n")
    assert "Traceback" not in errors


def test_a_hangup_that_was_ignored_at_the_start_is_ignored_by_both() -> None:
    code = """
import os, signal, urllib.request
os.kill(os.getppid(), signal.SIGHUP)
urllib.request.urlopen(os.environ["PANEL_URL"] + "/_fake/health").close()
print("the server lives; ignored here:", signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)
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
    assert (result.returncode, result.stdout) == (0, "the server lives; ignored here: True\n")


def test_an_interrupt_at_the_terminal_comes_once() -> None:
    """A process with a terminal of its own: Ctrl-C goes to its whole foreground group."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(COMMAND[0], [*COMMAND, "exec", "--", PYTHON, "-c", COUNT], environment())  # noqa: S606
    try:
        said = read_until(terminal, b"ready")
        os.write(terminal, termios.tcgetattr(terminal)[6][termios.VINTR])
        said += read_until(terminal, b"times")
        assert b"SIGINT came 1 times" in said
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    finally:
        os.close(terminal)


def read_until(terminal: int, word: bytes) -> bytes:
    said = b""
    while word not in said:
        said += os.read(terminal, 1000)
    return said


def test_closed_standard_streams_do_not_matter() -> None:
    for streams in ("2>&-", "2>/dev/full"):
        result = run_in_shell(f"exec -- sh -c 'echo done; exit 3' {streams}")
        assert (result.returncode, result.stdout) == (3, "done\n")
    assert run_in_shell("exec -- sh -c 'exit 3' <&- >&-").returncode == 3


def test_its_own_words_are_in_the_form_of_the_log() -> None:
    errors = run("exec", "--log-format", "json", "--", "true").stderr
    assert json.loads(errors)["message"].startswith("listens on http://127.0.0.1:")
