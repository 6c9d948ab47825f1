"""Kills and interruptions, from the outside."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from typing import Any

import pytest

from support.connector import Connector, checked_messages, configured
from support.simulator import Simulator


def messages_of(output: bytes) -> list[dict[str, Any]]:
    """Of a run that was killed: its last line may be cut."""
    return checked_messages(output[: output.rfind(b"\n") + 1])


def last_states(messages: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {m["state"]["stream"]["stream_descriptor"]["name"]: m["state"] for m in messages if m["type"] == "STATE"}


@pytest.mark.parametrize("mode", ["full_refresh", "incremental"])
@pytest.mark.parametrize("seed", range(3))
def test_killed_at_random_and_resumed_every_record_arrives_once_by_key(
    connector: Connector, start_simulator: Any, mode: str, seed: int
) -> None:
    chance = random.Random(seed)
    slow = start_simulator("--records", 3000, "--latency-ms", 3, "--first-day", 20260301, "--last-day", 20260310)
    config = slow.config(end_date=20260310, window_days=2, batch_size=115)
    catalog = configured(connector.catalog(config), mode, ["events", "profiles"])
    seen: dict[str, set[str]] = {"events": set(), "profiles": set()}
    states: dict[str, dict[str, Any]] = {}

    def take(messages: list[dict[str, Any]]) -> None:
        for message in messages:
            if message["type"] == "RECORD":
                record = message["record"]
                seen[record["stream"]].add(record["data"]["event_id" if record["stream"] == "events" else "profile_id"])
        states.update(last_states(messages))

    for _ in range(4):
        process = connector.start(*connector.read_arguments(config, catalog, list(states.values())))
        output = os.read(process.stdout.fileno(), 1 << 20)
        wanted = chance.randrange(200_000, 3_000_000)
        while len(output) < wanted and (piece := os.read(process.stdout.fileno(), 1 << 16)):
            output += piece
        process.send_signal(signal.SIGKILL)
        output += process.stdout.read()
        process.communicate()
        take(messages_of(output))
    last = connector.read(config, catalog, list(states.values())).succeeded()
    take(last.messages)
    truth = slow.truth(to=20260310)
    assert len(seen["events"]) == truth["events"]
    assert len(seen["profiles"]) == truth["distinct_people"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, -15), (signal.SIGINT, -2)])
def test_a_signal_ends_a_read_in_time_with_whole_lines(
    connector: Connector, start_simulator: Any, number: int, code: int
) -> None:
    slow = start_simulator("--records", 5000, "--latency-ms", 200, "--first-day", 20260301, "--last-day", 20260310)
    config = slow.config(end_date=20260310, batch_size=230)
    catalog = configured(connector.catalog(config))
    process = connector.start(*connector.read_arguments(config, catalog))
    output = os.read(process.stdout.fileno(), 1 << 20)
    while b'"RECORD"' not in output:
        output += os.read(process.stdout.fileno(), 1 << 20)
    sent = time.monotonic()
    process.send_signal(number)
    rest, stderr = process.communicate(timeout=20)
    assert time.monotonic() - sent < 5.5
    assert (process.returncode, stderr) == (code, b"")
    messages = checked_messages(output + rest)
    assert (output + rest).endswith(b"\n")
    traces = [message["trace"] for message in messages if message["type"] == "TRACE"]
    assert not [trace for trace in traces if trace["type"] == "ERROR"]
    last = {}
    for trace in traces:
        if trace["type"] == "STREAM_STATUS":
            last[trace["stream_status"]["stream_descriptor"]["name"]] = trace["stream_status"]["status"]
    assert "RUNNING" not in last.values()
    assert "INCOMPLETE" in last.values()


def test_a_closed_stdout_ends_a_read_quietly(connector: Connector, start_simulator: Any) -> None:
    slow = start_simulator("--records", 20000, "--latency-ms", 5, "--first-day", 20260301, "--last-day", 20260310)
    config = slow.config(end_date=20260310)
    catalog = configured(connector.catalog(config))
    process = connector.start(*connector.read_arguments(config, catalog))
    os.read(process.stdout.fileno(), 1 << 16)
    process.stdout.close()
    stderr = process.stderr.read()
    assert (process.wait(timeout=10), stderr) == (1, b"")


def test_faults_on_the_way_change_nothing(connector: Connector, simulator: Simulator) -> None:
    config = simulator.config(event_name="Product Viewed", batch_size=115)
    catalog = configured(connector.catalog(config), streams=["events"])
    undisturbed = connector.read(config, catalog).succeeded()
    simulator.set_faults(
        {"fault": "rate429", "times": 1, "match": {"step": "create"}},
        {"fault": "code2", "times": 2, "match": {"step": "page", "page": 1}},
        {"fault": "expired_cursor", "times": 1, "match": {"step": "page", "page": 2}},
        {"fault": "empty_page", "times": 1, "match": {"step": "page", "page": 3}},
    )
    disturbed = connector.read(config, catalog).succeeded()
    faults = json.loads(simulator.admin("GET", "faults"))
    assert faults and all(fault["committed"] > 0 for fault in faults)
    ids = {record["event_id"] for record in undisturbed.data("events")}
    assert {record["event_id"] for record in disturbed.data("events")} == ids
