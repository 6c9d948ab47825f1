"""PyAirbyte drives the executable and the image, and loads every stream into DuckDB."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from support.pyairbyte import Sync
from support.simulator import Simulator

FIRST_DAY = datetime.now(timezone.utc) - timedelta(days=9)

# By PyAirbyte's rules: a single type is itself, several become text, objects and arrays JSON.
COLUMN_TYPES = {
    "events": {
        "event_id": "VARCHAR",
        "event_name": "VARCHAR",
        "event_time": "TIMESTAMP",
        "object_id": "VARCHAR",
        "identity": "VARCHAR",
        "ts": "VARCHAR",
        "profile": "JSON",
        "event_props": "JSON",
        "session_props": "JSON",
    },
    "profiles": {
        "profile_id": "VARCHAR",
        "exported_at": "TIMESTAMP",
        "identity": "VARCHAR",
        "objectid": "VARCHAR",
        "all_identities": "JSON",
        "name": "VARCHAR",
        "email": "VARCHAR",
        "phone": "VARCHAR",
        "push_token": "VARCHAR",
        "profiledata": "JSON",
        "events": "JSON",
        "platforminfo": "JSON",
    },
}


@pytest.fixture(params=["local_executable", "docker_image"])
def how(request: pytest.FixtureRequest, binary: Path, image: str) -> dict[str, Any]:
    if request.param == "local_executable":
        return {"local_executable": str(binary)}
    return {"docker_image": image, "use_host_network": True}


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def test_every_stream_into_duckdb(tmp_path: Path, how: dict[str, Any], simulator: Simulator) -> None:
    sync = Sync("clevertap", tmp_path, how, simulator.config())
    sync.source.check()
    streams = sync.source.get_available_streams()
    assert streams[:2] == ["events", "profiles"]
    assert len(streams) == 11
    sync.read()
    # Nobody is looked up; every other stream has rows, and every one a table that took them.
    assert [stream for stream in streams if sync.count(stream) == 0] == ["profile_lookups"]

    truth = simulator.truth()
    assert (sync.count("events"), sync.count("profiles")) == (truth["events"], truth["distinct_people"])
    for stream, expected in COLUMN_TYPES.items():
        columns = dict(
            sync.rows(f"SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{stream}'")
        )
        assert {name: kind for name, kind in columns.items() if not name.startswith("_airbyte_")} == expected

    # What the simulator sent and what is in the table: the same rows, value for value.
    sent = Counter(
        (str(record["ts"]), canonical(record["profile"]), canonical(record["event_props"]))
        for record in simulator.records(kind="events", events="false")
    )
    loaded = Counter(
        (ts, canonical(profile), canonical(properties))
        for ts, profile, properties in sync.rows("SELECT ts, profile, event_props FROM main.events")
    )
    assert loaded == sent
    per_event = {name: counts["events"] for name, counts in truth["per_event"].items() if counts["events"]}
    assert dict(sync.rows("SELECT event_name, count(*) FROM main.events GROUP BY 1")) == per_event
    # The project's zone is UTC: ts is event_time, written otherwise.
    assert sync.rows("SELECT count(*) FROM main.events WHERE strftime(event_time, '%Y%m%d%H%M%S') <> ts") == [(0,)]
    assert sync.rows("SELECT count(DISTINCT event_id) FROM main.events") == [(truth["events"],)]

    phones = Counter(str(record["phone"]) for record in simulator.records(kind="profiles") if "phone" in record)
    assert Counter(dict(sync.rows("SELECT phone, count(*) FROM main.profiles WHERE phone IS NOT NULL GROUP BY 1"))) == phones
    assert any(phone.startswith("+") for phone in phones)


def test_a_second_incremental_read_adds_only_what_is_new(
    tmp_path: Path, how: dict[str, Any], start_simulator: Any
) -> None:
    simulator = start_simulator("--records", 1500, "--first-day", FIRST_DAY.strftime("%Y%m%d"))
    sync = Sync("clevertap", tmp_path, how, simulator.config())
    sync.read()
    before = {row[0] for row in sync.rows("SELECT event_id FROM main.events")}
    assert len(before) == simulator.truth()["events"]

    yesterday = (datetime.now(timezone.utc) - timedelta(days=1)).strftime("%Y%m%d")
    simulator.admin("PUT", "late", event="Charged", day=yesterday, rows=5)
    simulator.forget_requests()
    sync.read()
    after = [row[0] for row in sync.rows("SELECT event_id FROM main.events")]
    assert len(after) == len(set(after)) == simulator.truth()["events"] == len(before) + 5
    assert before < set(after)
    # Only the look-back was asked for again, but for the event that is never exported.
    created = [request for request in simulator.requests() if request.get("step") == "create" and request["status"] == 200]
    asked = [json.loads(request["body"])["from"] for request in created]
    assert asked and min(asked) > int(FIRST_DAY.strftime("%Y%m%d"))


def test_stopping_early_is_no_failure(
    tmp_path: Path, binary: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyAirbyte sends SIGTERM once it has what it wants, and takes only a death of that signal for an answer. (Of an
    image it stops the container's client, which says nothing about the connector.)"""
    raised: list[Any] = []
    # It raises from a generator's end, where Python can only report it.
    monkeypatch.setattr(sys, "unraisablehook", lambda problem: raised.append(problem.exc_value))
    sync = Sync("clevertap", tmp_path, {"local_executable": str(binary)}, simulator.config())
    records = sync.source.get_records("events", limit=10)
    assert len(list(records)) == 10
    del records
    gc.collect()
    assert not [problem for problem in raised if not isinstance(problem, ResourceWarning)]


def test_validation_by_the_command_line_client(tmp_path: Path, binary: Path, simulator: Simulator) -> None:
    """`pyab validate` runs spec and check of a local executable."""
    config = tmp_path / "config.json"
    config.write_text(json.dumps(simulator.config()))
    process = subprocess.run(
        [Path(sys.executable).with_name("pyab"), "validate", "--connector", binary, "--config", config],
        capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, check=False,
    )
    assert process.returncode == 0, process.stdout + process.stderr
