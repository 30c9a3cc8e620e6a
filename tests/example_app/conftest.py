import pytest

from fakeserver.testing import Panel

from .gateway import Gateway


@pytest.fixture(autouse=True)
def _no_test_spends_real_credit(no_real_panel: None) -> None: ...


@pytest.fixture
def gateway(panel: Panel) -> Gateway:
    return Gateway.from_environment({"PANEL_ENDPOINT": panel.endpoint, "PANEL_API_KEY": panel.api_key})
