"""Every command, with every line that it prints held to the protocol's own models (support/connector.py)."""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import Any

import jsonschema
import pytest

from support.connector import Connector, configured
from support.simulator import PASSCODE, Simulator

STREAMS = [
    "events",
    "profiles",
    "real_time_counts",
    "campaigns",
    "campaign_results",
    "message_reports",
    "event_definitions",
    "user_property_definitions",
    "subscription_groups",
    "content_blocks",
    "profile_lookups",
]


def without(record: dict[str, Any], *keys: str) -> str:
    return json.dumps({key: value for key, value in record.items() if key not in keys}, sort_keys=True)


def test_spec_is_a_valid_schema_that_accepts_the_sample(connector: Connector, simulator: Simulator) -> None:
    output = connector.spec().succeeded()
    specification = output.one("SPEC")["connectionSpecification"]
    jsonschema.Draft7Validator.check_schema(specification)
    jsonschema.validate(simulator.config(), specification)


def test_check_succeeds(connector: Connector, simulator: Simulator) -> None:
    assert connector.check(simulator.config()).succeeded().one("CONNECTION_STATUS")["status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"passcode": "wrong-passcode"}, "passcode"),
        ({"start_date": 20260231}, "start date"),
        ({"timezone": "Asia/Calcuta"}, "Asia/Calcutta"),
        ({"event_names": ["charged"]}, "Charged"),
        ({"account_id": None}, "account id"),
    ],
)
def test_check_fails_for_what_the_user_must_mend(
    connector: Connector, simulator: Simulator, change: dict[str, Any], said: str
) -> None:
    output = connector.check(simulator.config(**change))
    assert output.exit_code == 0
    status = output.one("CONNECTION_STATUS")
    assert status["status"] == "FAILED"
    assert said.lower() in status["message"].lower()


def test_check_does_not_call_passing_trouble_a_failure(connector: Connector, simulator: Simulator) -> None:
    output = connector.check(simulator.config(api_base_url="http://127.0.0.1:1", retry_seconds=1))
    assert output.exit_code == 1
    assert output.of("CONNECTION_STATUS") == []
    assert [error["failure_type"] for error in output.traces("ERROR")] == ["transient_error"]


def test_discover_lists_the_streams(connector: Connector, simulator: Simulator) -> None:
    catalog = connector.catalog(simulator.config())
    assert [stream["name"] for stream in catalog["streams"]] == STREAMS
    for stream in catalog["streams"]:
        jsonschema.Draft7Validator.check_schema(stream["json_schema"])
        paths = stream["source_defined_primary_key"]
        if "incremental" in stream["supported_sync_modes"]:
            paths = [*paths, stream["default_cursor_field"]]
        for path in paths:
            assert path[0] in stream["json_schema"]["properties"]


@pytest.mark.parametrize("mode", ["full_refresh", "incremental"])
def test_read_says_everything_in_the_right_order(connector: Connector, simulator: Simulator, mode: str) -> None:
    config = simulator.config()
    catalog = connector.catalog(config)
    output = connector.read(config, configured(catalog, mode)).succeeded()
    truth = simulator.truth()
    assert len(output.data("events")) == truth["events"]
    assert len(output.data("profiles")) == truth["distinct_people"]
    for stream in catalog["streams"]:
        name, (key,) = stream["name"], stream["source_defined_primary_key"][0]
        data = output.data(name)
        assert len({record[key] for record in data}) == len(data)
        validator = jsonschema.Draft7Validator(stream["json_schema"])
        for record in data:
            validator.validate(record)
        assert output.statuses(name) == ["STARTED", "RUNNING", "COMPLETE"]
        states = output.states(name)
        assert states
        assert sum(state["sourceStats"]["recordCount"] for state in states) == len(data)
        assert len({json.dumps(state["stream"]["stream_state"]) for state in states}) == len(states)
        assert_order(output.messages, name)


def assert_order(messages: list[dict[str, Any]], stream: str) -> None:
    """STARTED before all else of the stream, RUNNING before its first record, COMPLETE after its last message."""
    order = []
    for message in messages:
        if message["type"] == "RECORD" and message["record"]["stream"] == stream:
            order.append("RECORD")
        elif message["type"] == "STATE" and message["state"]["stream"]["stream_descriptor"]["name"] == stream:
            order.append("STATE")
        elif message["type"] == "TRACE" and message["trace"]["type"] == "STREAM_STATUS":
            status = message["trace"]["stream_status"]
            if status["stream_descriptor"]["name"] == stream:
                order.append(status["status"])
    assert order[0] == "STARTED"
    assert order[1] == "RUNNING"
    assert order[-2:] == ["STATE", "COMPLETE"]


def test_records_carry_every_field_as_it_was_sent(connector: Connector, simulator: Simulator) -> None:
    config = simulator.config()
    output = connector.read(config, configured(connector.catalog(config)))
    added = ("event_id", "event_name", "event_time", "object_id", "identity")
    read = Counter(without(record, *added) for record in output.data("events"))
    sent = Counter(without(record) for record in simulator.records(kind="events", events="false"))
    assert read == sent


def test_the_second_sync_reads_the_look_back_and_no_more(connector: Connector, simulator: Simulator) -> None:
    config = simulator.config(lookback_days=1)
    catalog = configured(connector.catalog(config), "incremental", ["events"])
    first = connector.read(config, catalog).succeeded()
    second = connector.read(config, catalog, [first.of("STATE")[-1]]).succeeded()
    ids = {record["event_id"]: record for record in first.data("events")}
    again = second.data("events")
    assert 0 < len(again) < len(ids)
    assert all(ids[record["event_id"]] == record for record in again)  # the same rows under the same ids
    days = sorted(simulator.truth()["per_day"])[-2:]  # yesterday, the last complete day, and today
    assert {str(record["ts"])[:8] for record in again} == set(days)


@pytest.mark.parametrize(
    "state", ["", "null", "{}", "[]", "[null]", '[{"type":"STREAM","stream":null}]', '[{"type":"STATE","state":{}}]']
)
def test_an_empty_state_of_any_form_is_none(connector: Connector, simulator: Simulator, state: str) -> None:
    config = simulator.config(event_name="Charged")
    catalog = configured(connector.catalog(config), "incremental", ["events"])
    output = connector.read(config, catalog, state).succeeded()
    assert len(output.data("events")) == simulator.truth(event="Charged")["events"]


def test_a_mangled_state_is_a_configuration_error(connector: Connector, simulator: Simulator) -> None:
    config = simulator.config(event_name="Charged")
    catalog = configured(connector.catalog(config), "incremental", ["events"])
    state = [{"type": "STREAM", "stream": {"stream_descriptor": {"name": "events"}, "stream_state": {"version": 99}}}]
    output = connector.read(config, catalog, state)
    assert output.exit_code == 1
    (error,) = output.traces("ERROR")
    assert error["failure_type"] == "config_error"
    assert output.of("STATE") == []
    assert output.statuses("events")[-1] == "INCOMPLETE"


def test_a_catalog_that_is_none_is_an_error_not_silence(connector: Connector, simulator: Simulator) -> None:
    catalog = {
        "streams": [
            {
                "stream": {
                    "name": "__AIRBYTE__stream_that_does_not_exist",
                    "json_schema": {"type": "object", "properties": {"f1": {"type": "string"}}},
                    "supported_sync_modes": ["full_refresh"],
                },
                "sync_mode": "INVALID",
                "destination_sync_mode": "INVALID",
            }
        ]
    }
    output = connector.read(simulator.config(), catalog)
    assert output.exit_code == 1
    assert output.traces("ERROR")


def test_a_stream_that_is_gone_does_not_stop_the_others(connector: Connector, simulator: Simulator) -> None:
    config = simulator.config(event_name="Charged")
    discovered = connector.catalog(config)
    discovered["streams"].append({**discovered["streams"][0], "name": "gone"})
    output = connector.read(config, configured(discovered))
    assert output.exit_code == 1
    assert output.statuses("events")[-1] == "COMPLETE"
    assert output.statuses("profiles")[-1] == "COMPLETE"
    assert "COMPLETE" not in output.statuses("gone")
    assert any("gone" in error["message"] for error in output.traces("ERROR"))


def test_one_failed_stream_keeps_its_checkpoints_and_says_no_more(connector: Connector, simulator: Simulator) -> None:
    simulator.set_faults({"fault": "fail200", "match": {"path": "/1/profiles.json"}, "times": 0})
    config = simulator.config(event_name="Charged", retry_seconds=1)
    output = connector.read(config, configured(connector.catalog(config)))
    assert output.exit_code == 1
    assert output.statuses("profiles") == ["STARTED", "INCOMPLETE"]
    assert output.states("profiles") == []
    assert output.statuses("events")[-1] == "COMPLETE"


@pytest.mark.parametrize("flags", [["--debug"], []])
def test_no_secret_in_anything_but_records(connector: Connector, simulator: Simulator, flags: list[str]) -> None:
    config = simulator.config(event_name="Charged", passcode="a wrong passcode+/=")
    catalog = configured(connector.catalog({**config, "passcode": PASSCODE}))
    for output in (
        connector.run("check", "--config", connector.file(config), *flags),
        connector.run(*connector.read_arguments(config, catalog), *flags),
    ):
        text = json.dumps(output.messages) + output.stderr
        for form in ("a wrong passcode+/=", "a%20wrong%20passcode", "YSB3cm9uZyBwYXNzY29kZSsvP"):
            assert form not in text


@pytest.mark.parametrize("zone", ["Asia/Calcutta", "US/Pacific"])
def test_the_old_names_of_time_zones(connector: Connector, start_simulator: Any, zone: str) -> None:
    from datetime import datetime, timezone
    from zoneinfo import ZoneInfo

    local = start_simulator("--records", 200, "--timezone", zone, "--first-day", 20260307, "--last-day", 20260310)
    config = local.config(timezone=zone, end_date=20260310)
    data = connector.read(config, configured(connector.catalog(config), streams=["events"])).succeeded().data("events")
    assert len(data) == local.truth(to=20260310)["events"]
    for record in data:
        expected = datetime.strptime(str(record["ts"]), "%Y%m%d%H%M%S").replace(tzinfo=ZoneInfo(zone))
        expected = expected.astimezone(timezone.utc)
        if expected.astimezone(ZoneInfo(zone)).strftime("%Y%m%d%H%M%S") != str(record["ts"]):
            continue  # an hour that summer time skips, which the unit tests hold to its rule
        assert datetime.fromisoformat(record["event_time"].replace("Z", "+00:00")) == expected


def test_a_relative_path_and_another_folder_work(connector: Connector, simulator: Simulator) -> None:
    path = connector.file(simulator.config())
    assert connector.run("check", "--config", os.path.relpath(path, connector.folder)).succeeded()


def test_usage_errors_are_for_people(connector: Connector) -> None:
    process = connector.start("reed")
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (2, b"")
    assert b"read" in stderr
