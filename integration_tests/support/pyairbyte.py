"""PyAirbyte as a client: it drives the executable or the image, and loads into DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy


class Sync:
    """PyAirbyte with a cache in a folder of its own."""

    def __init__(self, source: str, folder: Path, how: dict[str, Any], config: dict[str, Any]) -> None:
        import airbyte  # late: it takes seconds

        self.source = airbyte.get_source(f"source-{source}", config=config, **how)
        self._cache = airbyte.DuckDBCache(db_path=folder / "cache.duckdb", cache_dir=folder)

    def read(self, streams: list[str] | None = None) -> None:
        if streams is None:
            self.source.select_all_streams()
        else:
            self.source.select_streams(streams)
        self.source.read(cache=self._cache)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self._cache.get_sql_engine().connect() as connection:
            return [tuple(row) for row in connection.execute(sqlalchemy.text(query))]

    def count(self, stream: str) -> int:
        return self.rows(f"SELECT count(*) FROM main.{stream}")[0][0]

    def columns(self, stream: str) -> dict[str, str]:
        """The types of the stream's own columns."""
        rows = self.rows(f"SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{stream}'")
        return {name: kind for name, kind in rows if not name.startswith("_airbyte_")}
