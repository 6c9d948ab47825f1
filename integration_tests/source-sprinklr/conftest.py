"""The simulated Sprinklr, the connector, and the configurations that acceptance-test-config.yml names."""

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

CREDENTIALS = {
    "auth_type": "refresh_token",
    "client_id": "sim-key",
    "client_secret": "sim-secret",
    "redirect_uri": "https://localhost/callback",
    "refresh_token": "sim+refresh/0=",
    "access_token": "sim-access",
}

# One row for each message, in order of time.
PAYLOAD = {
    "reportingEngine": "PLATFORM",
    "report": "POST_RESPONSE_TIME",
    "groupBys": [
        {"heading": "UNIFIED_MESSAGE_ID_1", "dimensionName": "UNIFIED_MESSAGE_ID", "groupType": "FIELD"},
        {
            "heading": "MESSAGE_SN_CREATED_TIME_2",
            "dimensionName": "MESSAGE_SN_CREATED_TIME",
            "groupType": "FIELD",
            "details": {"isDateTypeDimension": True, "interval": "1h"},
        },
    ],
    "projections": [
        {"heading": "M_RESPONSE_TIME_0", "measurementName": "MESSAGE_RESPONSE_TIME", "aggregateFunction": "SUM"}
    ],
    "sorts": [{"heading": "MESSAGE_SN_CREATED_TIME_2", "order": "ASC"}],
}


class SprinklrSimulator(Simulator):
    def config(self, **changes: Any) -> dict[str, Any]:
        """A configuration for this simulator; None takes a field away."""
        config = {
            "credentials": CREDENTIALS,
            "start_date": "2026-03-01",
            "end_date": "2026-03-10",
            "reports": [{"name": "response_times", "payload": json.dumps(PAYLOAD)}],
            "requests_per_second": 0,
            "requests_per_hour": 0,
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
    path = BIN / "source-sprinklr"
    assert path.exists(), f"there is no {path}; scripts/build makes it"
    return path


@pytest.fixture(scope="session")
def start_simulator() -> Iterator[Callable[..., SprinklrSimulator]]:
    """Starts a simulator with the given options; it ends with the session."""
    running: list[SprinklrSimulator] = []

    def start(*options: str | int) -> SprinklrSimulator:
        days = ("--first-day", 20260301, "--last-day", 20260310, "--now", 20260312)
        running.append(SprinklrSimulator(BIN / "engagement-simulator", "sprinklr", *days, *options))
        return running[-1]

    yield start
    for simulator in running:
        simulator.stop()


@pytest.fixture(scope="session")
def shared_simulator(start_simulator: Callable[..., SprinklrSimulator]) -> SprinklrSimulator:
    return start_simulator("--records", 400, "--entities", 200)


@pytest.fixture(scope="session", autouse=True)
def secrets(shared_simulator: SprinklrSimulator) -> Iterator[None]:
    working = shared_simulator.config()
    report = working["reports"][0]
    key = {"client_id": "sim-key", "client_secret": "sim-secret"}
    configurations = {
        "config": working,
        # Only held to the spec: each use ends the tokens of the other configurations.
        "client_credentials": {**working, "credentials": {"auth_type": "client_credentials", **key}},
        "access_token": {
            **working,
            "credentials": {"auth_type": "access_token", "client_id": "sim-key", "access_token": "sim-access"},
        },
        "wrong_key": {**working, "credentials": {**CREDENTIALS, "client_id": "not-the-key"}},
        "wrong_environment": {**working, "environment": "prod9"},
        "broken_payload": {**working, "reports": [{**report, "payload": report["payload"][:-1]}]},
        "future_start": {**working, "start_date": "2999-01-01", "end_date": "2999-12-31"},
        # Port 1 of loopback: nothing answers there.
        "no_answer": {**working, "api_base_url": "http://127.0.0.1:1", "retry_seconds": 1},
    }
    SECRETS.mkdir(exist_ok=True)
    for name, configuration in configurations.items():
        (SECRETS / f"{name}.json").write_text(json.dumps(configuration))
    yield
    for name in configurations:
        (SECRETS / f"{name}.json").unlink(missing_ok=True)
