"""PyAirbyte drives the executable and the image, and loads every stream into DuckDB."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.pyairbyte import Sync

NINE = ["conversations", "customers", "kobjects", "messages", "notes", "shortcuts", "tags", "teams", "users"]


@pytest.fixture(params=["local_executable", "docker_image"])
def how(request: pytest.FixtureRequest, binary: Path) -> dict[str, Any]:
    if request.param == "local_executable":
        return {"local_executable": str(binary)}
    return {"docker_image": "airbyte/source-kustomer:dev", "use_host_network": True}


def test_every_stream_into_duckdb(tmp_path: Path, how: dict[str, Any], start_simulator: Callable[..., Any]) -> None:
    simulator = start_simulator("--records", 300, "--years", 3, "--tie", 40)
    sync = Sync("kustomer", tmp_path, how, simulator.config())
    sync.source.check()
    assert set(NINE) <= set(sync.source.get_available_streams())
    sync.read()
    for stream in NINE:
        begin = "2022-01-01T00:00:00Z"
        truth = json.loads(simulator.admin("GET", "truth", stream=stream, **{"from": begin}))
        if stream == "notes":  # no search has those that are older than two years
            truth = json.loads(simulator.admin("GET", "truth", stream=stream, **{"from": truth["horizon"]}))
        assert sync.count(stream) == truth["distinct_ids"], stream
        columns = sync.columns(stream)
        assert columns["id"] == "VARCHAR"
        assert columns["updated_at"].startswith("TIMESTAMP")


def test_a_second_incremental_read_adds_only_what_is_new(tmp_path: Path, binary: Path, start_simulator: Callable[..., Any]) -> None:
    simulator = start_simulator("--records", 200, "--years", 1)
    sync = Sync("kustomer", tmp_path, {"local_executable": str(binary)}, simulator.config())
    sync.read(["conversations", "users"])
    before = sync.count("conversations")
    simulator.admin("POST", "rows", stream="conversations", do="insert", rows=7)
    simulator.forget_requests()
    sync.read(["conversations", "users"])
    assert sync.count("conversations") == before + 7
    assert sync.rows("SELECT count(DISTINCT id) FROM main.conversations") == [(before + 7,)]
    searches = [request for request in simulator.requests() if request["path"].endswith("/search")]
    assert 0 < len(searches) <= 10
