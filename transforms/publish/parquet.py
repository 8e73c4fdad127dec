"""A table's rows as the bytes of a Parquet file that holds the rows and nothing else (P10, P11).

Plain encoding without dictionaries, since an Arrow dictionary may carry values whose rows are gone;
no Arrow schema in the footer, since that carries metadata of whoever made it; no time, no
path and no name of a machine. The period stands in the file's path alone.
"""

import io
import re
from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.policy import Policy
from schemas.tables import CONTRACT_VERSION, FOOTER_KEYS, FRAME_FIELDS, ColumnType, Role, Table
from transforms.release import Row, loss_of_period

_SCALARS = {ColumnType.TEXT: pa.string(), ColumnType.INTEGER: pa.int64()}
_ARROW_TYPES = _SCALARS | {
    ColumnType.FRAMES: pa.list_(
        pa.struct([(name, _SCALARS[kind]) for name, kind in FRAME_FIELDS.items()])
    ),
    ColumnType.COUNTS: pa.list_(
        pa.struct(
            [
                pa.field("name", pa.string(), nullable=False),
                pa.field("count", pa.int64(), nullable=False),
            ]
        )
    ),
}


_MAY_BE_NULL = frozenset({Role.ATTRIBUTE, Role.TALLY})


def arrow_schema(table: Table) -> pa.Schema:
    """Return the schema of a table's files: only an attribute or a tally may be null."""
    return pa.schema(
        pa.field(column.name, _ARROW_TYPES[column.type], column.role in _MAY_BE_NULL)
        for column in table.columns
    )


_NO_LOSS = "0"


def parameters_of(policy: Policy) -> dict[str, str]:
    """Return what footers and the ledger say of the rules that rows were released by.

    ε and δ are what one period costs, all tables together, and 0 for exact counts.

    Raises:
        MissingExtraError: the policy has noise, and OpenDP is not installed.
    """
    loss = loss_of_period(policy) if policy.noise else None
    said = {
        "contract_version": CONTRACT_VERSION,
        "policy": policy.name,
        "anonymous": _yes_or_no(policy.anonymous),
        "k": str(policy.k),
        "max_cells_per_install": str(policy.max_cells_per_install),
        "max_crashes_per_cell": str(policy.max_crashes_per_cell),
        "reports_without_install_are_distinct": _yes_or_no(
            policy.reports_without_install_are_distinct
        ),
        "period_days": str(policy.period_days),
        "nlp": _published_model(policy.nlp),
        "epsilon": str(loss.epsilon) if loss else _NO_LOSS,
        "delta": str(loss.delta) if loss else _NO_LOSS,
    }
    return {f"crashveil.{name}": value for name, value in said.items()}


def have_noise(parameters: Mapping[str, str]) -> bool:
    """Tell whether counts were released with noise, by what a footer or the ledger says."""
    return parameters.get("crashveil.epsilon", _NO_LOSS) != _NO_LOSS


def _published_model(model: str) -> str:
    """Return a language model's engine and name; of a folder its name, without the way to it."""
    engine, colon, name = model.partition(":")
    return engine + colon + re.split(r"[/\\]", name.rstrip("/\\"))[-1]


def footer_of(table: Table, policy: Policy) -> dict[str, str]:
    """Return the key-value pairs of a file's footer: the parameters, and the table's name."""
    return {"crashveil.table": table.name} | parameters_of(policy)


def table_bytes(table: Table, rows: Iterable[Row], footer: Mapping[str, str]) -> bytes:
    """Return the Parquet file of a table's rows, sorted by their keys.

    Raises:
        ValueError: a row has not exactly the table's columns, two rows have one key, a value is
            missing or of the wrong type, or the footer has other keys than the allowlist.
    """
    if set(footer) != set(FOOTER_KEYS):
        raise ValueError("a footer has exactly the keys of the allowlist")
    ordered = _in_order(table, rows)
    schema = arrow_schema(table)
    sink = io.BytesIO()
    with pq.ParquetWriter(
        sink, schema, compression="zstd", use_dictionary=False, store_schema=False
    ) as writer:
        writer.write_table(pa.Table.from_pylist(ordered, schema=schema))
        writer.add_key_value_metadata({key: footer[key] for key in FOOTER_KEYS})
    return sink.getvalue()


def row_count(content: bytes) -> int:
    """Return how many rows a Parquet file holds."""
    return int(pq.read_metadata(io.BytesIO(content)).num_rows)


def _in_order(table: Table, rows: Iterable[Row]) -> list[Row]:
    names = {column.name for column in table.columns}
    key_names = table.names(Role.DIMENSION) or table.names(Role.PARAMETER)
    by_key: dict[tuple[object, ...], Row] = {}
    for row in rows:
        if set(row) != names:
            raise ValueError(f"a row of {table.name} has other columns than its table")
        key = tuple(row[name] for name in key_names)
        if key in by_key:
            raise ValueError(f"two rows of {table.name} have the same key")
        by_key[key] = row
    return [by_key[key] for key in sorted(by_key)]


def _yes_or_no(value: bool) -> str:
    return "true" if value else "false"
