"""The files of this folder agree with the connector."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from support.connector import Connector, configured
from support.simulator import Simulator

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]


def load(name: str) -> Any:
    return json.loads((FOLDER / "integration_tests" / name).read_text())


def metadata() -> dict[str, Any]:
    return yaml.safe_load((FOLDER / "metadata.yaml").read_text())["data"]


def test_the_configured_catalog_is_what_discover_says(connector: Connector, simulator: Simulator) -> None:
    discovered = {stream["name"]: stream for stream in connector.catalog(simulator.config())["streams"]}
    catalog = load("configured_catalog.json")
    assert {entry["stream"]["name"]: entry["stream"] for entry in catalog["streams"]} == discovered
    for entry in catalog["streams"]:
        assert entry["primary_key"] == entry["stream"]["source_defined_primary_key"]
        assert entry["cursor_field"] == entry["stream"].get("default_cursor_field", [])
        assert entry["sync_mode"] == entry["stream"]["supported_sync_modes"][-1]
    assert metadata()["suggestedStreams"]["streams"] == list(discovered)


def test_the_version_is_the_same_everywhere() -> None:
    version = metadata()["dockerImageTag"]
    assert re.search(r"^project\(.* VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)[1] == version
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert set(re.findall(r'(?:io\.airbyte|opencontainers\.image)\.version="([^"]+)"', dockerfile)) == {version}


def test_the_icon_is_square() -> None:
    icon = ElementTree.parse(FOLDER / "icon.svg").getroot()
    assert icon.get("width") == icon.get("height")
    assert icon.get("viewBox") == f"0 0 {icon.get('width')} {icon.get('height')}"


def test_the_sample_inputs_are_accepted(connector: Connector, simulator: Simulator) -> None:
    sample = {**load("sample_config.json"), "api_base_url": simulator.url}
    assert connector.check(sample).succeeded().one("CONNECTION_STATUS")["status"] == "SUCCEEDED"
    read = connector.read(sample, load("configured_catalog.json"), load("sample_state.json")).succeeded()
    assert read.data("events") and read.data("profiles")


def test_the_example_of_secrets_has_the_right_shape(connector: Connector, simulator: Simulator) -> None:
    example = json.loads((ROOT / "secrets.example" / "clevertap.json").read_text())
    status = connector.check({**example, "passcode": "still-to-be-filled-in", "api_base_url": simulator.url}).one("CONNECTION_STATUS")
    assert status["status"] == "FAILED"  # the credentials; every other field is right
    assert "passcode" in status["message"].lower()


def test_an_invalid_config_fails_and_names_every_field_by_its_title(connector: Connector) -> None:
    output = connector.check(load("invalid_config.json"))
    assert output.exit_code == 0
    status = output.one("CONNECTION_STATUS")
    assert status["status"] == "FAILED"
    for title in ("Region", "Start Date", "Batch Size"):
        assert title in status["message"]


def test_a_state_of_the_far_future_reads_nothing_and_says_its_state(connector: Connector, simulator: Simulator) -> None:
    """What Airbyte's acceptance tests ask of abnormal_state.json."""
    catalog = load("configured_catalog.json")
    catalog["streams"] = [entry for entry in catalog["streams"] if "incremental" in entry["stream"]["supported_sync_modes"]]
    output = connector.read(simulator.config(), catalog, load("abnormal_state.json")).succeeded()
    assert output.of("RECORD") == []
    for entry in catalog["streams"]:
        assert output.states(entry["stream"]["name"])


KEYS = {
    "events": "event_id",
    "profiles": "profile_id",
    "message_reports": "message_id",
    "subscription_groups": "key",
    "content_blocks": "id",
}
# Times of the reading, which no expected record can know.
TIMES = {"exported_at": None, "fetched_at": None}


@pytest.mark.parametrize("stream", KEYS)
def test_expected_records(connector: Connector, start_simulator: Any, stream: str) -> None:
    """expected_records.jsonl holds records of a small project with a fixed seed; each is read, with every field as it
    stands there but for the time of the export."""
    expected = [json.loads(line) for line in (FOLDER / "integration_tests" / "expected_records.jsonl").read_text().split("\n") if line]
    expected = [record["data"] for record in expected if record["stream"] == stream]
    assert expected
    with_seed = start_simulator("--records", 60, "--seed", 7, "--first-day", 20260301, "--last-day", 20260303)
    config = with_seed.config(end_date=20260303)
    data = connector.read(config, configured(connector.catalog(config), streams=[stream])).succeeded().data(stream)
    read = {record[KEYS[stream]]: record for record in data}
    for record in expected:
        assert {**read[record[KEYS[stream]]], **TIMES} == {**record, **TIMES}
