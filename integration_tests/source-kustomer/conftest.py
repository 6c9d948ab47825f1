"""The simulated organisation, the connector, and the configurations that acceptance-test-config.yml names."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from airbyte_cdk.test.models.scenario import ConnectorTestScenario

from support.simulator import Simulator

FOLDER = Path(__file__).parent
SECRETS = FOLDER / "secrets"
BIN = Path(os.environ.get("ENGAGEMENT_BIN", FOLDER.parents[1] / "build" / "release" / "bin"))

# The command that each test runs: a test that would skip a configuration because acceptance-test-config.yml does not
# list it for that command is not collected, so that a skip in the report always says something.
COMMANDS = {
    "test_docker_image_build_and_check": "check",
    "test_docker_image_build_and_config_matches_spec": "spec",
    "test_docker_image_build_and_discover": "discover",
    "test_docker_image_build_and_read": "read",
}


class KustomerSimulator(Simulator):
    def config(self, **changes: Any) -> dict[str, Any]:
        """A configuration for this simulator; None takes a field away."""
        config = {
            "api_token": "sim-api-token",
            "start_date": "2022-01-01T00:00:00Z",
            "date_window_size": 366,
            "searches_per_minute": 0,
            "api_base_url": self.url,
            **changes,
        }
        return {key: value for key, value in config.items() if value is not None}


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


@pytest.fixture(scope="session")
def binary() -> Path:
    path = BIN / "source-kustomer"
    assert path.exists(), f"there is no {path}; scripts/build makes it"
    return path


@pytest.fixture(scope="session")
def start_simulator() -> Iterator[Callable[..., KustomerSimulator]]:
    """Starts a simulator with the given options; it ends with the session."""
    running: list[KustomerSimulator] = []

    def start(*options: str | int) -> KustomerSimulator:
        limits = ("--searches-per-minute", 0, "--requests-per-minute", 0)
        running.append(KustomerSimulator(BIN / "engagement-simulator", "kustomer", *limits, *options))
        return running[-1]

    yield start
    for simulator in running:
        simulator.stop()


@pytest.fixture(scope="session")
def shared_simulator(start_simulator: Callable[..., KustomerSimulator]) -> KustomerSimulator:
    return start_simulator("--records", 400, "--years", 3, "--tie", 30)


@pytest.fixture(scope="session", autouse=True)
def secrets(shared_simulator: KustomerSimulator) -> Iterator[None]:
    working = shared_simulator.config()
    configurations = {
        "config": working,
        # As the users of tap-kustomer have it.
        "tap_kustomer": {
            "api_token": working["api_token"],
            "start_date": working["start_date"],
            "user_agent": "tap-kustomer <data@example.com>",
            "date_window_size": "60",
            "page_size_limit": "300",
            "searches_per_minute": "0",
            "api_base_url": working["api_base_url"],
        },
        "wrong_key": {**working, "api_token": "not-the-key"},
        "future_start": {**working, "start_date": "2999-01-01T00:00:00Z"},
        # Port 1 of loopback: nothing answers there.
        "no_answer": {**working, "api_base_url": "http://127.0.0.1:1", "retry_seconds": 1},
    }
    SECRETS.mkdir(exist_ok=True)
    for name, configuration in configurations.items():
        (SECRETS / f"{name}.json").write_text(json.dumps(configuration))
    yield
    for name in configurations:
        (SECRETS / f"{name}.json").unlink(missing_ok=True)
