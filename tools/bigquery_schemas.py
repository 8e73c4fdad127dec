"""Write the published tables' schemas as BigQuery takes them, with their columns' descriptions.

.venv/bin/python -m tools.bigquery_schemas

Without them BigQuery would look into the files, and before the first release there are none.
"""

import json
from typing import Any, Final

import pyarrow as pa

from schemas.tables import TABLES, Table
from tools.folders import ROOT
from transforms.publish import arrow_schema

DOCUMENT: Final = ROOT / "deploy" / "terraform" / "modules" / "analytics" / "schemas.json"


def schemas_text() -> str:
    """Return the document: for each table its BigQuery schema."""
    return json.dumps({table.name: bigquery_schema(table) for table in TABLES}, indent=1) + "\n"


def bigquery_schema(table: Table) -> list[dict[str, Any]]:
    """Return a table's columns as TableFieldSchema of BigQuery's API v2 has them.

    The period is no column of the files: it is in the folder's name.
    """
    described = {column.name: column.description for column in table.columns}
    return [_field(field) | {"description": described[field.name]} for field in arrow_schema(table)]


def _field(field: pa.Field) -> dict[str, Any]:
    if pa.types.is_list(field.type):
        parts = [_field(part) for part in field.type.value_type]
        return {"name": field.name, "type": "RECORD", "mode": "REPEATED", "fields": parts}
    kinds = {pa.string(): "STRING", pa.int64(): "INTEGER"}
    return {"name": field.name, "type": kinds[field.type], "mode": "NULLABLE"}


if __name__ == "__main__":
    DOCUMENT.write_text(schemas_text(), "utf-8")
