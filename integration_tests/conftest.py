"""Fixtures of the integration tests: the built executables, the simulator, and the connector.

ENGAGEMENT_BIN names the folder with the executables (build/release/bin), CONNECTOR_IMAGE the image under test.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

# Before the first import of airbyte: no registry is asked, no usage is reported, and its files stay out of the project.
os.environ["AIRBYTE_OFFLINE_MODE"] = "1"
os.environ["DO_NOT_TRACK"] = "1"
os.environ["AIRBYTE_PROJECT_DIR"] = tempfile.mkdtemp(prefix="pyairbyte-")

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from support.connector import Connector  # noqa: E402
from support.simulator import Simulator  # noqa: E402

ROOT = HERE.parent
BIN = Path(os.environ.get("ENGAGEMENT_BIN", ROOT / "build" / "release" / "bin"))
IMAGE = os.environ.get("CONNECTOR_IMAGE", "airbyte/source-clevertap:dev")

# A project of ten days up to today, so that an incremental sync has something to look back on.
FIRST_DAY = datetime.now(timezone.utc) - timedelta(days=9)


@pytest.fixture(scope="session")
def binary() -> Path:
    path = BIN / "source-clevertap"
    assert path.exists(), f"there is no {path}; scripts/build makes it"
    return path


@pytest.fixture(scope="session")
def image() -> str:
    return IMAGE


@pytest.fixture(scope="session")
def start_simulator() -> Iterator[Callable[..., Simulator]]:
    """Starts a simulator with the given options; it ends with the session."""
    running: list[Simulator] = []

    def start(*options: str | int) -> Simulator:
        running.append(Simulator(BIN / "engagement-simulator", "clevertap", *options))
        return running[-1]

    yield start
    for simulator in running:
        simulator.stop()


@pytest.fixture(scope="session")
def shared_simulator(start_simulator: Callable[..., Simulator]) -> Simulator:
    return start_simulator("--records", 4000, "--first-day", FIRST_DAY.strftime("%Y%m%d"))


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Iterator[Simulator]:
    """One simulator for all tests that leave its corpus alone; without faults, and with no request seen yet."""
    shared_simulator.forget_requests()
    yield shared_simulator
    shared_simulator.set_faults()


@pytest.fixture
def connector(binary: Path, tmp_path: Path) -> Connector:
    return Connector([binary], tmp_path)


def pytest_sessionfinish() -> None:
    shutil.rmtree(os.environ["AIRBYTE_PROJECT_DIR"], ignore_errors=True)
