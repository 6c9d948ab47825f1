"""examples/sprinklr_to_s3.py against the simulator and moto's server: a report becomes a table of days in S3 and Glue."""

from __future__ import annotations

import importlib.util
import json
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from support.simulator import Simulator

ROOT = Path(__file__).parents[1]
BIN = Path(os.environ.get("ENGAGEMENT_BIN", ROOT / "build" / "release" / "bin"))
BUCKET = "simulated-datalake"
SECRET = "sprinklr"

PAYLOAD = {
    "reportingEngine": "PLATFORM",
    "report": "POST_RESPONSE_TIME",
    "timeZone": "Europe/London",
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


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """Its first access token has ended, so that the first run has to renew it."""
    days = ["--first-day", 20260301, "--last-day", 20260310, "--now", 20260312, "--initial-token-seconds", 0]
    with Simulator(BIN / "engagement-simulator", "sprinklr", "--records", 600, *days) as running:
        yield running


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Amazon's services, simulated in this process; the example finds them by the environment, as any AWS program."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    # What is simulated lives as long as the process.
    urllib.request.urlopen(urllib.request.Request(f"http://{host}:{port}/moto-api/reset", method="POST")).close()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "simulated",
        "AWS_SECRET_ACCESS_KEY": "simulated",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    boto3.setup_default_session()
    boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield f"s3://{BUCKET}/responses"
    server.stop()


@pytest.fixture
def secret(aws: str, simulator: Simulator) -> dict[str, Any]:
    config = {
        "credentials": {
            "auth_type": "refresh_token",
            "client_id": "sim-key",
            "client_secret": "sim-secret",
            "redirect_uri": "https://localhost/callback",
            "refresh_token": "sim+refresh/0=",
            "access_token": "sim-access",
        },
        "start_date": "2026-01-01",
        "reports": [{"name": "responses", "payload": json.dumps(PAYLOAD), "flatten": "flatten_json_lowercase"}],
        "page_size": 50,
        "requests_per_second": 0,
        "api_base_url": simulator.url,
    }
    boto3.client("secretsmanager").create_secret(Name=SECRET, SecretString=json.dumps(config))
    return config


def stored_secret() -> dict[str, Any]:
    return json.loads(boto3.client("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"])


def run(path: str, *dates: str) -> None:
    specification = importlib.util.spec_from_file_location("sprinklr_to_s3", ROOT / "examples" / "sprinklr_to_s3.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    module.main(SECRET, "responses", path, "datalake_raw", "sprinklr_responses", *dates, str(BIN / "source-sprinklr"))


def test_workers_wide_windows_and_a_payload_that_is_an_object_cost_no_row(
    aws: str, secret: dict[str, Any], simulator: Simulator
) -> None:
    import awswrangler

    report = {**secret["reports"][0], "payload": PAYLOAD}
    config = {**secret, "num_workers": 4, "window_hours": 72, "reports": [report]}
    boto3.client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=json.dumps(config))
    run(aws, "2026-03-01", "2026-03-10")
    table = awswrangler.s3.read_parquet(aws, dataset=True)
    truth = simulator.truth(report="R", **{"from": 20260301, "to": 20260310})
    assert table["row_id"].nunique() == len(table) == truth["events"]
    assert table.groupby("date", observed=True).size().to_dict() == truth["per_day"]
    assert not (table.astype("string") == "NaN").any(axis=None)


def test_given_days_become_a_table_and_the_rotated_token_is_kept(
    aws: str, secret: dict[str, Any], simulator: Simulator
) -> None:
    import awswrangler

    run(aws, "2026-03-02", "2026-03-04")
    kept = stored_secret()
    assert kept["credentials"]["refresh_token"] != secret["credentials"]["refresh_token"]
    assert {**kept, "credentials": None} == {**secret, "credentials": None}

    table = awswrangler.s3.read_parquet(aws, dataset=True)
    truth = simulator.truth(report="R", **{"from": 20260302, "to": 20260304})
    assert table["row_id"].nunique() == len(table) == truth["events"]
    assert table.groupby("date", observed=True).size().to_dict() == truth["per_day"]
    assert table["m_response_time_0"].dtype == "float64"
    assert "unified_message_id_1_senderprofile_name" in table

    glue = boto3.client("glue").get_table(DatabaseName="datalake_raw", Name="sprinklr_responses")["Table"]
    columns = {column["Name"]: column for column in glue["StorageDescriptor"]["Columns"]}
    assert columns["m_response_time_0"]["Comment"] == "SUM of MESSAGE_RESPONSE_TIME."
    assert columns["m_response_time_0"]["Type"] == "double"
    assert columns["unified_message_id_1_senderprofile_name"]["Comment"].startswith("Of UNIFIED_MESSAGE_ID_1")
    assert [key["Name"] for key in glue["PartitionKeys"]] == ["date"]

    # A day that is read again takes its own place, and the token of the first run still works.
    run(aws, "2026-03-04", "2026-03-05")
    again = awswrangler.s3.read_parquet(aws, dataset=True)
    truth = simulator.truth(report="R", **{"from": 20260302, "to": 20260305})
    assert again["row_id"].nunique() == len(again) == truth["events"]
    assert stored_secret() == kept
