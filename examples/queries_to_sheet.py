"""Asks CleverTap what the rows of a Google sheet ask for, and writes each result into a tab of its own.

    pip install airbyte gspread
    python queries_to_sheet.py config.json key.json ["docker" or the path of source-clevertap]

config.json is the connector's configuration, with query_sheet; key.json is the key file of a service account that may
edit the sheet. docs/guides/queries-from-a-sheet.md has the steps.
"""

import json
import sys
from pathlib import Path

import airbyte
import gspread


def main(config_file, key_file, how="docker"):
    config = json.loads(Path(config_file).read_text())
    run = {"docker_image": "airbyte/source-clevertap:dev"} if how == "docker" else {"local_executable": how}
    source = airbyte.get_source("source-clevertap", config=config, **run)
    sheet_id = config["query_sheet"]["spreadsheet"].split("/d/")[-1].split("/")[0]
    spreadsheet = gspread.service_account(key_file).open_by_key(sheet_id)
    tabs = {tab.title: tab for tab in spreadsheet.worksheets()}
    for row in list(source.get_records("query_sheet_rows")):
        if not row["name"]:
            continue  # nobody can tell where its error belongs
        try:
            records = [{"error": row["error"]}] if row["error"] else list(source.get_records(row["name"]))
        except airbyte.exceptions.AirbyteError as error:  # one query's failure; the others go on
            records = [{"error": str(error)}]
        title = f"result {row['name']}"
        columns = [name for name in (records[0] if records else []) if not name.startswith("_airbyte")]
        cells = [[v if isinstance(v, (str, int, float)) else json.dumps(v) for v in map(one.get, columns)] for one in records]
        try:
            size = {"rows": len(cells) + 1, "cols": max(len(columns), 1)}  # of this result: it may have grown
            tab = tabs.get(title) or spreadsheet.add_worksheet(title, **size)
            tab.resize(**size)
            tab.clear()
            tab.update([columns, *cells])
        except gspread.exceptions.APIError as error:  # this result is not written; the others are
            print(f"{title}: {error}", file=sys.stderr)
            continue
        print(f"{title}: {len(cells)} rows")


if __name__ == "__main__":
    main(*sys.argv[1:])
