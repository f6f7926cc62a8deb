"""The descriptor of an export: a Frictionless data package (v1) that says what stands in each file and column."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toolkit.summary.lists import scope_of
from toolkit.summary.merge import Summary
from toolkit.summary.resources import Column, Resource

DESCRIPTOR = "datapackage.json"

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Written:
    """The file a table was written to; several tables may share one."""

    path: str
    sha256: str


_MEDIA = {
    "csv": "text/csv", "json": "application/json", "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet", "sqlite": "application/vnd.sqlite3",
}  # fmt: skip
_TABULAR = ("csv", "json", "jsonl")  # what the specification knows as tables
_TYPES = {"text": "string", "whole": "integer", "number": "number"}
_DIALECT: Json = {
    "csvddfVersion": 1.2, "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True,
    "skipInitialSpace": False, "header": True,
}  # fmt: skip
_ARMED = "以 = + - @ ＝ ＋ － ＠、制表符或回车开头的，前面加了一个撇号（'），以免表格软件当作公式。"
_OF_TEXTS = {"csv": _ARMED}
_OF_DECIMALS = {
    "json": "整数是数字，可有小数的是字符串，以免失真。",
    "jsonl": "整数是数字，可有小数的是字符串，以免失真。",
    "parquet": "十进制数（decimal128），没有误差。",
    "sqlite": "整数是 INTEGER；小数是 REAL，求和之后请按 keys.decimals 的位数取 ROUND。",
}
_VIEW = "另有视图 totals_from_figures，由 figures 逐项相加，应与 totals 相同。"


def descriptor_bytes(
    summary: Summary, tables: Sequence[Resource], kind: str, written: Mapping[str, Written]
) -> bytes:  # fmt: skip
    """The descriptor, in UTF-8; nothing in it depends on the day or the machine."""
    form = summary.book.form
    year = f"{summary.year} 年度" if summary.year else ""
    document: Json = {
        "profile": "tabular-data-package" if kind in _TABULAR else "data-package",
        "name": f"{form.id}-{summary.year}".lower() if summary.year else form.id.lower(),
        "title": f"{year}{summary.title}",
        "description": scope_of(summary) + (f"汇总单位：{summary.unit}。" if summary.unit else ""),
        "form": {"id": form.id, "code": form.code, "version": form.version, "title": form.title},
        "year": summary.year,
        "resources": [_resource(each, kind, written[each.name]) for each in tables],
    }
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return text.encode("utf-8", errors="replace") + b"\n"


def _resource(table: Resource, kind: str, file: Written) -> Json:
    described: Json = {
        "profile": "tabular-data-resource" if kind in _TABULAR else "data-resource",
        "name": table.name,
        "path": file.path,
        "title": table.title,
        "description": table.description + (_VIEW if kind == "sqlite" and table.name == "totals" else ""),
        "format": kind,
        "mediatype": _MEDIA[kind],
        "hash": f"sha256:{file.sha256}",
    }
    if kind in _TABULAR:
        described["encoding"] = "utf-8"
    if kind == "csv":
        described["dialect"] = _DIALECT
    if kind == "sqlite":
        described["dialect"] = {"sql": {"table": table.name}}
    described["schema"] = {
        "fields": [_field(column, kind) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.primary),
        "foreignKeys": [
            {"fields": [name], "reference": {"resource": other, "fields": [name]}} for name, other in table.foreign
        ],
    }
    return described


def _field(column: Column, kind: str) -> Json:
    more = ""
    if column.kind == "text":
        more = _OF_TEXTS.get(kind, "")
    elif column.kind == "number":
        more = _OF_DECIMALS.get(kind, "")
    described: Json = {"name": column.name, "type": _TYPES[column.kind], "title": column.title}
    if column.description or more:
        described["description"] = column.description + more
    if column.required:
        described["constraints"] = {"required": True}
    return described
