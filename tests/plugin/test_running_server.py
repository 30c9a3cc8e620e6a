"""`--panel-url` and `PANEL_URL`: the fixtures use a server that runs already."""

import threading

import pytest

from tests.command import request, started
from tests.plugin.conftest import TEST_THAT_USES_PANEL, Run, shows_no_traceback_of_the_package

PRINT_URL = "def test_it(panel): print(panel.url)"


def test_the_server_is_used_through_its_control_plane(run_suite: Run) -> None:
    module = """
        import threading
        from application import send

        def test_it(panel, panel_server):
            assert panel.url == panel_server.url == {url!r}
            assert [thread.name for thread in threading.enumerate()].count("fakeserver") == {threads}
            assert send(panel)["result"] == "1"
            panel.assert_sent(to="9121234567", count=1)
        """
    with started("--control-token", "secret") as server:
        # The suite runs in this process, where other tests may have a server of their own.
        threads = [thread.name for thread in threading.enumerate()].count("fakeserver")
        test = module.format(url=server.url, threads=threads)
        for url in (server.url, f"{server.url}/", f"{server.url}/webservice/server"):
            run_suite("--panel-url", url, "--panel-token", "secret", test_it=test).assert_outcomes(passed=1)
        for token, problem in (("", "asks for its"), ("wrong", "does not accept this")):
            result = run_suite("--panel-url", server.url, "--panel-token", token, test_it=test)
            result.assert_outcomes(errors=1)
            result.stdout.fnmatch_lines(
                [f"the server at {server.url} {problem} control token; *--panel-token*"]
            )


def test_the_option_overrides_the_variable_even_if_it_is_empty(
    run_suite: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with started() as server:
        monkeypatch.setenv("PANEL_URL", server.url)
        assert server.url in run_suite("-s", test_it=PRINT_URL).stdout.str()
        result = run_suite("-s", "--panel-url", "", test_it=PRINT_URL)
    result.assert_outcomes(passed=1)
    assert server.url not in result.stdout.str()


def test_its_accounts_are_removed_at_the_end(run_suite: Run) -> None:
    with started() as server:
        before = request(f"{server.url}/_fake/health")["accounts"]
        run_suite(
            "--panel-url",
            server.url,
            test_it="""
            def test_it(panel, panel_server):
                panel_server.new_account()
                panel_server.new_account().reset()
                panel_server.new_account().remove()
            """,
        ).assert_outcomes(passed=1)
        assert request(f"{server.url}/_fake/health")["accounts"] == before


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("https://mydnspanel.com", "mydnspanel.com is a real SMS panel; nothing was sent there. *"),
        ("https://MYDNSPANEL.COM./webservice/server", "* is a real SMS panel; nothing was sent there. *"),
        ("http://sms.example.org", "sms.example.org is a real SMS panel; *"),
        ("http://127.0.0.1:1", "no reply from http://127.0.0.1:1: Connection refused"),
        ("127.0.0.1:1403", "the URL should be a base URL such as *; it is '127.0.0.1:1403'"),
    ],
)
def test_a_url_without_a_fakeserver_fails_the_test(run_suite: Run, url: str, error: str) -> None:
    result = run_suite(
        "--panel-url", url, "-o", "real_panel_hosts=sms.example.org", test_it=TEST_THAT_USES_PANEL
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"--panel-url: {error}"])
    assert shows_no_traceback_of_the_package(result)


def test_an_error_names_the_variable_if_the_url_is_from_there(
    run_suite: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANEL_URL", "127.0.0.1:1403")
    result = run_suite(test_it=TEST_THAT_USES_PANEL)
    result.stdout.fnmatch_lines(["the variable PANEL_URL (--panel-url overrides it): the URL should be *"])
