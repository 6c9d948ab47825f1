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

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]


def load(name: str) -> Any:
    return json.loads((FOLDER / "integration_tests" / name).read_text())


def metadata() -> dict[str, Any]:
    return yaml.safe_load((FOLDER / "metadata.yaml").read_text())["data"]


def test_the_configured_catalog_is_what_discover_says(connector: Connector, simulator: Any) -> None:
    discovered = {stream["name"]: stream for stream in connector.catalog(simulator.config())["streams"]}
    catalog = load("configured_catalog.json")
    for entry in catalog["streams"]:
        stream = entry["stream"]
        assert stream == discovered[stream["name"]]
        assert entry["primary_key"] == stream["source_defined_primary_key"]
        assert entry["cursor_field"] == stream["default_cursor_field"]
    assert set(metadata()["suggestedStreams"]["streams"]) <= set(discovered)


def test_the_version_is_that_of_the_project() -> None:
    version = metadata()["dockerImageTag"]
    assert re.search(r"^project\(.* VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)[1] == version


def test_the_icon_is_square() -> None:
    icon = ElementTree.parse(FOLDER / "icon.svg").getroot()
    assert icon.get("width") == icon.get("height")
    assert icon.get("viewBox") == f"0 0 {icon.get('width')} {icon.get('height')}"


def test_the_sample_inputs_are_accepted(connector: Connector, simulator: Any) -> None:
    sample = {**load("sample_config.json"), "api_base_url": simulator.url}
    assert connector.check(sample).succeeded().one("CONNECTION_STATUS")["status"] == "SUCCEEDED"
    catalog = load("configured_catalog.json")
    read = connector.read(sample, catalog, load("sample_state.json")).succeeded()
    assert all(read.data(entry["stream"]["name"]) for entry in catalog["streams"])


def test_the_example_of_secrets_has_the_right_shape(connector: Connector, simulator: Any) -> None:
    example = json.loads((ROOT / "secrets.example" / "sprinklr.json").read_text())
    status = connector.check({**example, "environment": "prod", "api_base_url": simulator.url}).one("CONNECTION_STATUS")
    assert status["status"] == "FAILED"  # the key; every other field is right
    assert "Client ID (credentials.client_id)" in status["message"]


def test_an_invalid_config_fails_and_names_every_field_by_its_title(connector: Connector) -> None:
    output = connector.check(load("invalid_config.json"))
    assert output.exit_code == 0
    status = output.one("CONNECTION_STATUS")
    assert status["status"] == "FAILED"
    for title in ("Start Date", "API Host", "Window Hours"):
        assert title in status["message"]


def test_a_state_of_the_far_future_reads_nothing_and_says_its_state(connector: Connector, simulator: Any) -> None:
    """What Airbyte's acceptance tests ask of abnormal_state.json."""
    catalog = load("configured_catalog.json")
    output = connector.read(simulator.config(), catalog, load("abnormal_state.json")).succeeded()
    assert output.of("RECORD") == []
    assert all(output.states(entry["stream"]["name"]) for entry in catalog["streams"])


@pytest.mark.parametrize("stream", ["response_times", "cases", "users"])
def test_expected_records(connector: Connector, start_simulator: Any, stream: str) -> None:
    """expected_records.jsonl holds records of a small corpus with a fixed seed; each is read, with every field as it
    stands there but for the time of the reading."""
    expected = [json.loads(line) for line in (FOLDER / "integration_tests" / "expected_records.jsonl").read_text().split("\n") if line]
    expected = [record["data"] for record in expected if record["stream"] == stream]
    assert expected
    with_seed = start_simulator("--records", 60, "--entities", 40, "--seed", 7)
    config = with_seed.config()
    data = connector.read(config, configured(connector.catalog(config), streams=[stream])).succeeded().data(stream)
    key = "row_id" if stream == "response_times" else "id"
    read = {record[key]: record for record in data}
    for record in expected:
        assert {**read[record[key]], "extracted_at": None} == {**record, "extracted_at": None}
