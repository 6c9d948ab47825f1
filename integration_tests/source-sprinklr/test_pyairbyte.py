"""PyAirbyte drives the executable and the image, and loads every stream into DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.pyairbyte import Sync


@pytest.fixture(params=["local_executable", "docker_image"])
def how(request: pytest.FixtureRequest, binary: Path) -> dict[str, Any]:
    if request.param == "local_executable":
        return {"local_executable": str(binary)}
    return {"docker_image": "airbyte/source-sprinklr:dev", "use_host_network": True}


def test_every_stream_into_duckdb(tmp_path: Path, how: dict[str, Any], start_simulator: Callable[..., Any]) -> None:
    simulator = start_simulator("--records", 300, "--entities", 80)
    sync = Sync("sprinklr", tmp_path, how, simulator.config())
    sync.source.check()
    sync.read()
    for stream in sync.source.get_available_streams():
        assert sync.count(stream) > 0, stream
    assert sync.count("response_times") == simulator.truth(report="R", **{"from": 20260301, "to": 20260310})["events"]
    columns = sync.columns("response_times")
    assert columns["row_id"] == "VARCHAR"
    assert columns["window_start"].startswith("TIMESTAMP")
    assert columns["m_response_time_0"] in ("DOUBLE", "DECIMAL(38,9)", "NUMERIC")


def test_a_flattened_report_into_duckdb(tmp_path: Path, binary: Path, start_simulator: Callable[..., Any]) -> None:
    simulator = start_simulator("--records", 300)
    report = {**simulator.config()["reports"][0], "flatten": "flatten_json_lowercase"}
    sync = Sync("sprinklr", tmp_path, {"local_executable": str(binary)}, simulator.config(reports=[report]))
    sync.read(["response_times"])
    assert "unified_message_id_1_senderprofile_name" in sync.columns("response_times")
    named = sync.rows("SELECT count(unified_message_id_1_senderprofile_name) FROM main.response_times")[0][0]
    assert 0 < named <= sync.count("response_times")


def test_a_renewed_token_reaches_the_callback(tmp_path: Path, binary: Path, start_simulator: Callable[..., Any]) -> None:
    import airbyte

    simulator = start_simulator("--records", 100, "--initial-token-seconds", 0)
    kept: list[dict[str, Any]] = []
    source = airbyte.get_source(
        "source-sprinklr", config=simulator.config(), local_executable=str(binary), config_change_callback=kept.append
    )
    assert len(list(source.get_records("response_times"))) == 100
    assert [config["credentials"]["refresh_token"] != "sim+refresh/0=" for config in kept] == [True]
