"""`--tls-cert` and `--tls-key`: the server uses HTTPS."""

import ssl
import subprocess
from pathlib import Path

from tests.cli.conftest import RunMain
from tests.command import ask, error_line, started


def test_the_server_uses_https(certificate: tuple[Path, Path], run_main: RunMain) -> None:
    cert, key = certificate
    with started("--tls-cert", str(cert), "--tls-key", str(key)) as server:
        assert server.url.startswith("https://127.0.0.1:")
        trusted = ssl.create_default_context(cafile=str(cert))
        assert ask(server.url, "test-key", "action=status", tls=trusted) == {"result": "1"}
        assert run_main("wait", "--url", server.url).returncode == 0
        assert run_main("wait", FAKESERVER_PORT=server.port, FAKESERVER_TLS_CERT=str(cert)).returncode == 0
        assert server.stop() == (0, "")


def test_the_key_must_be_that_of_the_certificate(certificate: tuple[Path, Path], run_main: RunMain) -> None:
    cert, _ = certificate
    line = error_line(run_main("-p", "0", "--tls-cert", str(cert), FAKESERVER_TLS_KEY=str(cert)))
    assert line.startswith("--tls-cert, FAKESERVER_TLS_KEY: ")
    assert "are not a certificate and its private key" in line


def test_an_encrypted_key_is_refused_without_a_prompt(
    certificate: tuple[Path, Path], run_main: RunMain, tmp_path: Path
) -> None:
    cert, key = certificate
    encrypted = tmp_path / "encrypted.pem"
    command = f"openssl pkey -in {key} -aes256 -passout pass:secret -out {encrypted}"
    subprocess.run(command.split(), check=True, capture_output=True)
    line = error_line(run_main("-p", "0", "--tls-cert", str(cert), "--tls-key", str(encrypted)))
    assert line.endswith("the key is encrypted")
