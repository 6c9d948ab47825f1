"""Reads a report of Sprinklr and stores it as a partitioned Parquet table in S3 and Glue.

    pip install airbyte awswrangler
    python sprinklr_to_s3.py SECRET REPORT s3://bucket/prefix DATABASE TABLE [SINCE UNTIL ["docker" or path of source-sprinklr]]

SECRET names the secret of AWS Secrets Manager with the connector's configuration. Without dates, lookback_days and
yesterday are read. The partitions of the days that are read are replaced. docs/guides/sprinklr-to-s3.md has the steps.
"""

import itertools
import json
import sys
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import airbyte
import awswrangler
import boto3
import pandas


def main(secret, report, path, database, table, since=None, until=None, how="docker"):
    vault = boto3.client("secretsmanager")
    config = json.loads(vault.get_secret_value(SecretId=secret)["SecretString"])

    def keep_tokens(renewed):  # called before the new token is first used: the old one is dead by now
        vault.put_secret_value(SecretId=secret, SecretString=json.dumps({**config, "credentials": renewed["credentials"]}))
        source.set_config(renewed)

    until = until or str(date.today() - timedelta(days=1))
    since = since or str(date.fromisoformat(until) - timedelta(days=config.get("lookback_days", 3)))
    run = {"docker_image": "airbyte/source-sprinklr:dev"} if how == "docker" else {"local_executable": how}
    period = {**config, "start_date": since, "end_date": until, "num_workers": 1}  # windows in their order, and
    period["window_hours"] = min(24, config.get("window_hours", 24))  # none beyond its day, which is written at once
    source = airbyte.get_source("source-sprinklr", config=period, config_change_callback=keep_tokens, **run)
    columns = source.get_stream_json_schema(report)["properties"]
    payload = next(one for one in config["reports"] if one["name"] == report).get("payload") or {}
    payload = json.loads(payload) if isinstance(payload, str) else payload
    zone = ZoneInfo(payload.get("timeZone") or config.get("timezone", "UTC"))
    awswrangler.catalog.create_database(database, exist_ok=True)
    records = source.get_records(report, prune_undeclared_fields=False)  # kept, because it ends when nobody does
    days = itertools.groupby(records, lambda row: str(pandas.Timestamp(row["window_start"]).tz_convert(zone).date()))
    for day, rows in days:
        frame = pandas.DataFrame([dict(row) for row in rows]).filter(regex="^(?!_airbyte)")
        for name in frame:
            if columns.get(name, {}).get("type") == ["null", "number"]:
                frame[name] = pandas.to_numeric(frame[name]).astype("float64")
            else:  # a column may hold an id in one row and an object in the next, and nothing (None, NaN) in a third
                texts = [v if isinstance(v, str) else None if v is None or v != v else json.dumps(v) for v in frame[name]]
                frame[name] = pandas.Series(texts, dtype="string")
        comments = {name: text for name in frame if (text := columns.get(name, {}).get("description", "")[:255])}
        layout = {"partition_cols": ["date"], "mode": "overwrite_partitions", "schema_evolution": True}
        glue = {"database": database, "table": table, "glue_table_settings": {"columns_comments": comments}}
        awswrangler.s3.to_parquet(frame.assign(date=day), path, dataset=True, **layout, **glue)
        print(f"{day}: {len(frame)} rows")


if __name__ == "__main__":
    main(*sys.argv[1:])
