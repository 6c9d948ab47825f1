"""examples/queries_to_sheet.py against both simulators: the rows of a sheet are asked, the results stand in its tabs."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import google.auth.credentials
import gspread
import gspread.http_client
import pytest

from conftest import BIN, FIRST_DAY, ROOT
from support.simulator import Simulator

GOOGLE = "https://sheets.googleapis.com"
SPREADSHEET = "1SimulatedSpreadsheet000000000000000000000000"


def typed(text: str) -> Any:
    """A cell as Google keeps what a person has typed."""
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    return int(text) if text.lstrip("-").isdigit() else text


def demo_rows() -> list[list[Any]]:
    lines = (ROOT / "examples" / "query-sheet.tsv").read_text(encoding="utf-8").splitlines()
    return [[typed(cell) for cell in line.split("\t")] for line in lines]


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "key.json"


@pytest.fixture
def sheets(tmp_path: Path, key_file: Path) -> Iterator[Simulator]:
    sheet = tmp_path / "sheet.json"
    # The tab of an earlier run, with more in it than comes now.
    earlier = {"title": "result big_orders", "rows": [["query_name", "count", "gone"], ["big_orders", 0, 1], ["x", 0, 1]]}
    content = {"title": "Numbers", "tabs": [{"title": "Queries", "rows": demo_rows()}, earlier]}
    sheet.write_text(json.dumps(content))
    options = ["--sheet", sheet, "--write-key", key_file, "--reads-per-minute", 0, "--writes-per-minute", 0]
    with Simulator(BIN / "engagement-simulator", "sheets", *options) as simulator:
        yield simulator


@pytest.fixture
def config(start_simulator: Callable[..., Simulator], sheets: Simulator, key_file: Path) -> dict[str, Any]:
    first_day = FIRST_DAY.strftime("%Y%m%d")
    clevertap = start_simulator("--records", 2000, "--first-day", first_day, "--events", "App Launched=6,Charged=3")
    return clevertap.config(
        start_date=int(first_day),
        query_sheet={
            "spreadsheet": f"https://docs.google.com/spreadsheets/d/{SPREADSHEET}/edit#gid=0",
            "credentials": {"auth_type": "service_account", "service_account_json": key_file.read_text()},
            "api_base_url": sheets.url,
        },
    )


@pytest.fixture
def google_is(monkeypatch: pytest.MonkeyPatch, sheets: Simulator) -> None:
    """Sends gspread to the simulator; the key file sends google-auth there by itself."""
    for name, value in vars(gspread.http_client).items():
        if isinstance(value, str) and value.startswith(GOOGLE):
            monkeypatch.setattr(gspread.http_client, name, value.replace(GOOGLE, sheets.url))
    # Newer versions of google-auth ask another host of Google's for the account's regions.
    monkeypatch.setattr(
        google.auth.credentials.CredentialsWithRegionalAccessBoundary,
        "_is_regional_access_boundary_lookup_required",
        lambda _: False,
    )


def example() -> Any:
    specification = importlib.util.spec_from_file_location("queries_to_sheet", ROOT / "examples" / "queries_to_sheet.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_results_of_every_row_stand_in_a_tab_of_its_own(
    binary: Path, tmp_path: Path, config: dict[str, Any], key_file: Path, google_is: None, sheets: Simulator
) -> None:
    config_file = tmp_path / "config.json"
    config_file.write_text(json.dumps(config))
    example().main(config_file, key_file, str(binary))

    tabs = {tab["title"]: tab["rows"] for tab in json.loads(sheets.admin("GET", "sheet"))["tabs"]}
    names = [row[0] for row in demo_rows()[1:]]
    assert set(tabs) == {"Queries", *(f"result {name}" for name in names)}

    def result(name: str) -> list[dict[str, Any]]:
        columns, *rows = [row for row in tabs[f"result {name}"] if any(cell not in (None, "") for cell in row)]
        return [dict(zip(columns, row)) for row in rows]

    assert len(result("orders_per_day")) == 7
    assert json.loads(result("orders_per_day")[0]["context"]) == {"owner": "Ana"}
    assert all(count["query_name"] == "orders_per_day" for count in result("orders_per_day"))
    for name in ("big_orders", "buyers_by_email", "morning_launches", "first_launches", "launched_not_bought"):
        assert [count["count"] > 0 for count in result(name)] == [True], name
    assert len(result("pizza_lovers")) > 0
    assert "03/04" in result("orders_in_march")[0]["error"]
    assert 'column "event:Amount"' in result("orders_over_a_hundred")[0]["error"]


def written(sheets: Simulator) -> dict[str, Any]:
    return {tab["title"]: tab["rows"] for tab in json.loads(sheets.admin("GET", "sheet"))["tabs"]}


def test_a_second_run_writes_results_that_have_grown_and_one_that_cannot_be_written_costs_itself_alone(
    binary: Path,
    tmp_path: Path,
    config: dict[str, Any],
    key_file: Path,
    google_is: None,
    sheets: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config_file = tmp_path / "config.json"
    config_file.write_text(json.dumps(config))
    example().main(config_file, key_file, str(binary))
    first = written(sheets)

    spreadsheet = gspread.service_account(str(key_file)).open_by_key(SPREADSHEET)
    for tab in spreadsheet.worksheets():
        if tab.title.startswith("result "):
            tab.resize(rows=1, cols=1)  # as if less had come the last time
    update = gspread.Worksheet.update

    class Refusal:
        text = "Internal error"

        @staticmethod
        def json() -> dict[str, Any]:
            return {"error": {"code": 500, "message": "Internal error", "status": "INTERNAL"}}

    def refusing(tab: gspread.Worksheet, *arguments: Any, **more: Any) -> Any:
        if tab.title == "result big_orders":
            raise gspread.exceptions.APIError(Refusal())
        return update(tab, *arguments, **more)

    monkeypatch.setattr(gspread.Worksheet, "update", refusing)
    example().main(config_file, key_file, str(binary))
    second = written(sheets)
    assert set(second) == set(first)
    assert len(second["result orders_per_day"]) == len(first["result orders_per_day"])
    assert len(second["result orders_per_day"][0]) == len(first["result orders_per_day"][0])
