"""Writes the configurations that acceptance-test-config.yml names, for the simulator of this session."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from airbyte_cdk.test.models.scenario import ConnectorTestScenario

from support.simulator import Simulator

SECRETS = Path(__file__).parent / "secrets"

# The command that each test runs: a test that would skip a configuration because acceptance-test-config.yml does not
# list it for that command is not collected, so that a skip in the report always says something.
COMMANDS = {
    "test_docker_image_build_and_check": "check",
    "test_docker_image_build_and_config_matches_spec": "spec",
    "test_docker_image_build_and_discover": "discover",
    "test_docker_image_build_and_read": "read",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    def runs(item: pytest.Item) -> bool:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        scenario: ConnectorTestScenario | None = parameters.get("scenario")
        command = COMMANDS.get(getattr(item, "originalname", ""))
        return scenario is None or command is None or scenario.runs(command)

    config.hook.pytest_deselected(items=[item for item in items if not runs(item)])
    items[:] = [item for item in items if runs(item)]


@pytest.fixture
def read_scenarios(request: pytest.FixtureRequest) -> str | list[str]:
    """Like the fixture of Airbyte's plugin, which makes a list of "all" and then knows no such configuration."""
    chosen: str = request.config.getoption("--read-scenarios")
    return chosen if chosen in ("all", "default", "none") else chosen.split(",")


@pytest.fixture(scope="session", autouse=True)
def secrets(shared_simulator: Simulator) -> Iterator[None]:
    working = shared_simulator.config()
    configurations = {
        "config": working,
        # As the users of the older connector have it.
        "older_connector": {
            "account_id": working["account_id"],
            "passcode": working["passcode"],
            "region": "in1",
            "event_name": "Charged",
            "start_date": working["start_date"],
            "end_date": 20991231,
            "api_base_url": working["api_base_url"],
        },
        "wrong_passcode": {**working, "passcode": "not-the-passcode"},
        "unknown_event": {**working, "event_names": ["charged", "App Launched"]},
        "impossible_date": {**working, "start_date": 20260231},
        "unknown_zone": {**working, "timezone": "Asia/Atlantis"},
        # Port 1 of loopback: nothing answers there.
        "no_answer": {**working, "api_base_url": "http://127.0.0.1:1", "retry_seconds": 1},
    }
    SECRETS.mkdir(exist_ok=True)
    for name, configuration in configurations.items():
        (SECRETS / f"{name}.json").write_text(json.dumps(configuration))
    yield
    for name in configurations:
        (SECRETS / f"{name}.json").unlink(missing_ok=True)
