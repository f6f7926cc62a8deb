"""A table as a Parquet file. Needs pyarrow, which is imported only here."""

import importlib
import io
from collections.abc import Sequence
from decimal import Context, Decimal
from itertools import islice
from typing import TYPE_CHECKING

from toolkit.summary.resources import Column, Resource, Value

if TYPE_CHECKING:
    import pyarrow

_AT_ONCE = 8_000  # rows of a row group
_WIDE = Context(prec=38)


def is_there() -> bool:
    """Whether pyarrow can be imported."""
    try:
        importlib.import_module("pyarrow.parquet")
    except ImportError:
        return False
    return True


def parquet_bytes(resource: Resource) -> bytes:
    """The file: texts, 64-bit integers, and decimals of 38 digits, exact."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([_field(column) for column in resource.columns])
    buffer, rows = io.BytesIO(), resource.rows()
    with parquet.ParquetWriter(buffer, schema) as writer:
        while some := list(islice(rows, _AT_ONCE)):
            values = zip(resource.columns, zip(*some, strict=True), strict=True)
            arrays = [pyarrow.array(_exact(column, each), _type(column)) for column, each in values]
            writer.write_batch(pyarrow.RecordBatch.from_arrays(arrays, schema=schema))
    return buffer.getvalue()


def _field(column: Column) -> "pyarrow.Field":
    import pyarrow

    told = {"title": column.title, "description": column.description}
    return pyarrow.field(column.name, _type(column), nullable=not column.required, metadata=told)


def _type(column: Column) -> "pyarrow.DataType":
    import pyarrow

    if column.kind == "number":
        return pyarrow.decimal128(_WIDE.prec, column.decimals)
    return pyarrow.string() if column.kind == "text" else pyarrow.int64()


def _exact(column: Column, values: Sequence[Value]) -> Sequence[Value]:
    """Numbers with as many places as the column has."""
    if column.kind != "number":
        return values
    places = Decimal(1).scaleb(-column.decimals)
    return [None if value is None else Decimal(value).quantize(places, context=_WIDE) for value in values]
