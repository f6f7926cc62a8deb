"""What is exported says in every format what the summary says, to programs that know nothing of us."""

import csv
import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import get_args

import duckdb
import pandas
import pytest

from tests.collection.making import code, collection_of, completed, member
from tests.command.test_commands import TOP, gouji
from tests.official import ALL_ZERO, filled, official, read
from tests.summary.charted import FORM, book, summed
from toolkit.audit.submission import Agency, Listing, Reading, Source, Submission
from toolkit.summary.export import ExportUnavailable, Format, disarmed, export_files, export_names
from toolkit.summary.merge import Entry, Summary, merge
from toolkit.workbook.template import Issue

NEW, GRANTED, HANDLED = "requests.new_received.{}", "requests.granted.{}", "requests.total_handled.{}"
FEE = "proactive.admin_fees.amount_wan_yuan"
FILED: dict[str, dict[str, int | str]] = {
    "甲局": {NEW.format("natural_person"): 3, GRANTED.format("natural_person"): 3, FEE: "0.1"},
    "乙局": {
        NEW.format("natural_person"): 4, GRANTED.format("natural_person"): 4,
        NEW.format("other_org"): 5, GRANTED.format("other_org"): 5, FEE: "0.2",
    },
    "丙局": {"disputes.review.upheld": 2, FEE: "326.4517"},
}  # fmt: skip
BY_HAND = {
    NEW.format("natural_person"): "7", NEW.format("other_org"): "5", NEW.format("total"): "12",
    GRANTED.format("natural_person"): "7", GRANTED.format("other_org"): "5", GRANTED.format("total"): "12",
    HANDLED.format("natural_person"): "7", HANDLED.format("other_org"): "5", HANDLED.format("total"): "12",
    "disputes.review.upheld": "2", "disputes.review.total": "2", FEE: "326.7517",
}  # fmt: skip
FORMATS = get_args(Format)
HOSTILE = [
    "=cmd|' /C calc'!A0", "＝1+1", "+1", "＋1", "-1", "－1", "@SUM(A1)", "＠x", "\t=1", "\r=1",
    "<script>alert(1)</script>", "办😀公👨‍👩‍👧室", '说"好",\'不\'', "上\n下\r\n左", "长" * 200,
    " 两边有空 ", "NULL", "0012", "a;b\\c",
]  # fmt: skip
DISARMED = [f"'{name}" for name in HOSTILE[:10]] + HOSTILE[10:]
DECLARED = tomllib.loads((TOP / "templates" / "ogi-annual-report-2021.toml").read_text(encoding="utf-8"))
CELLS = [
    (table, block, row, column)
    for table in DECLARED["table"]
    for block in table["block"]
    for row in block["rows"]
    for column in block["columns"]
]
KEYS = [f"{table['name']}.{row['name']}.{column['name']}" for table, _, row, column in CELLS]


def readings() -> list[Reading]:
    """What the agencies filed, read and audited."""
    return [
        read(filled(figures, ALL_ZERO, Issue(Agency(name, code(at)), 2025)), f"{name}.xlsx")
        for at, (name, figures) in enumerate(FILED.items(), start=1)
    ]


def write(summary: Summary, folder: Path) -> Path:
    """Every format, each in a folder of its own."""
    for kind in FORMATS:
        (folder / kind).mkdir(parents=True)
        for name, data in export_files(summary, kind):
            (folder / kind / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three agencies; the roster knows two of them, each in its category."""
    listings = [Listing(Agency("甲局", code(1)), "县直部门"), Listing(Agency("乙局", code(2)), "乡镇")]
    return write(merge(official().book, readings(), roster=listings), tmp_path_factory.mktemp("导出"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Agencies with names that do harm; their files are called the same."""
    first = readings()[0]
    assert isinstance(first, Submission)
    made = [
        replace(first, agency=Agency(name, code(at)), source=Source(f"{name}", f"{at:064}"))
        for at, name in enumerate(HOSTILE)
    ]
    return write(merge(official().book, made), tmp_path_factory.mktemp("坏"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the agencies' workbooks in `收`."""
    folder = tmp_path_factory.mktemp("命令")
    (folder / "收").mkdir()
    for at, (name, figures) in enumerate(FILED.items(), start=1):
        (folder / "收" / f"{name}.xlsx").write_bytes(filled(figures, ALL_ZERO, Issue(Agency(name, code(at)), 2025)))
    return folder


def whole(nonzero: dict[str, str]) -> dict[str, Decimal]:
    """The totals of all 200 cells, what is not named being 0."""
    return dict.fromkeys(KEYS, Decimal(0)) | {name: Decimal(value) for name, value in nonzero.items()}


def rows_of(folder: Path, kind: str, table: str) -> list[dict[str, object]]:
    """A table as another program reads it, each by its own way."""
    place = folder / kind
    if kind == "csv":
        read = pandas.read_csv(place / f"{table}.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False)
        return [{**row, **({"value": row["value"] or None} if "value" in row else {})} for row in _records(read)]
    if kind in ("json", "jsonl"):
        text = (place / f"{table}.{kind}").read_text(encoding="utf-8")
        return [dict(row) for row in (json.loads(text) if kind == "json" else map(json.loads, text.splitlines()))]
    if kind == "parquet":
        found = duckdb.connect().execute(f"SELECT * FROM '{place / f'{table}.parquet'}'")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    with closing(sqlite3.connect(place / "data.sqlite3")) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f'SELECT * FROM "{table}"')]


def _records(frame: pandas.DataFrame) -> Iterator[dict[str, str]]:
    for row in frame.to_dict("records"):
        yield {str(name): str(value) for name, value in row.items()}


def numbers(rows: list[dict[str, object]]) -> dict[str, Decimal]:
    """key -> value, of the totals."""
    return {str(row["key"]): Decimal(str(row["value"])) for row in rows}


@pytest.mark.parametrize("kind", FORMATS)
def test_the_totals_are_those_of_the_figures_added_up_by_hand(kind: str, exported: Path) -> None:
    assert len(KEYS) == 200
    assert numbers(rows_of(exported, kind, "totals")) == whole(BY_HAND)


@pytest.mark.parametrize("kind", FORMATS)
def test_each_agencys_figures_stand_under_its_name_and_add_up_to_the_totals(kind: str, exported: Path) -> None:
    rows = rows_of(exported, kind, "figures")
    assert [row["key"] for row in rows] == KEYS * 3
    typed = {
        (str(row["agency_name"]), str(row["key"])): Decimal(str(row["value"]))
        for row in rows
        if Decimal(str(row["value"])) and not str(row["key"]).endswith(".total") and row["row"] != "total_handled"
    }
    filed = {(name, each): Decimal(value) for name, written in FILED.items() for each, value in written.items()}
    assert typed == filed
    sums = dict.fromkeys(KEYS, Decimal(0))
    for row in rows:
        sums[str(row["key"])] += Decimal(str(row["value"]))
    assert sums == whole(BY_HAND)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_wide_table_has_a_line_an_agency_and_a_column_a_cell(kind: str, exported: Path) -> None:
    rows = rows_of(exported, kind, "agencies")
    lead = ["agency", "agency_code", "agency_name", "category", "year", "file", "sha256", "status"]
    assert [list(row) for row in rows] == [[*lead, *KEYS]] * 3
    assert [[str(row[name]) for name in lead if name != "sha256"] for row in rows] == [
        ["1", code(1), "甲局", "县直部门", "2025", "甲局.xlsx", "clean"],
        ["2", code(2), "乙局", "乡镇", "2025", "乙局.xlsx", "clean"],
        ["3", code(3), "丙局", "不在名册", "2025", "丙局.xlsx", "clean"],
    ]
    assert {each: sum(Decimal(str(row[each])) for row in rows) for each in KEYS} == whole(BY_HAND)
    first = filled(FILED["甲局"], ALL_ZERO, Issue(Agency("甲局", code(1)), 2025))
    assert rows[0]["sha256"] == hashlib.sha256(first).hexdigest()


def test_a_line_of_the_figures_is_written_out_whole(exported: Path) -> None:
    told = hashlib.sha256(filled(FILED["乙局"], ALL_ZERO, Issue(Agency("乙局", code(2)), 2025))).hexdigest()
    lines = (exported / "csv" / "figures.csv").read_bytes().split(b"\r\n")
    assert lines[0].decode("utf-8-sig") == (
        "agency,agency_code,agency_name,category,year,table,row,column,key,value,file,sha256"
    )
    assert lines[1 + 200 + KEYS.index(FEE)].decode() == (
        f"2,{code(2)},乙局,乡镇,2025,proactive,admin_fees,amount_wan_yuan,{FEE},0.2,乙局.xlsx,{told}"
    )
    line = json.loads((exported / "jsonl" / "figures.jsonl").read_text("utf-8").splitlines()[200 + KEYS.index(FEE)])
    assert (line["agency"], line["year"], line["value"]) == (2, 2025, "0.2")
    line = json.loads((exported / "jsonl" / "figures.jsonl").read_text("utf-8").splitlines()[10])
    assert (line["key"], line["value"]) == (NEW.format("natural_person"), 3)


def test_only_csv_begins_with_the_mark_that_excel_knows_utf8_by(exported: Path) -> None:
    for path in exported.glob("*/*.*"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf") == (path.suffix == ".csv"), path


def test_duckdb_adds_up_exactly_what_it_reads_as_it_likes(exported: Path) -> None:
    """No types are told to it; Parquet brings its own."""
    for source in (exported / "csv" / "figures.csv", exported / "jsonl" / "figures.jsonl"):
        found = (
            duckdb.connect().execute(f"SELECT key, sum(value::DECIMAL(38, 6)) FROM '{source}' GROUP BY key").fetchall()
        )
        assert dict(found) == whole(BY_HAND)
    parquet = exported / "parquet" / "figures.parquet"
    assert dict(duckdb.connect().execute(f"SELECT key, sum(value) FROM '{parquet}' GROUP BY key").fetchall()) == whole(
        BY_HAND
    )
    types = duckdb.connect().execute(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{parquet}')").fetchall()
    assert dict(types) == {
        "agency": "BIGINT", "agency_code": "VARCHAR", "agency_name": "VARCHAR", "category": "VARCHAR",
        "year": "BIGINT", "table": "VARCHAR", "row": "VARCHAR", "column": "VARCHAR", "key": "VARCHAR",
        "value": "DECIMAL(38,6)", "file": "VARCHAR", "sha256": "VARCHAR",
    }  # fmt: skip


def test_pandas_reads_parquet_and_json_by_itself(exported: Path) -> None:
    frame = pandas.read_parquet(exported / "parquet" / "figures.parquet")
    assert {str(name): Decimal(value) for name, value in frame.groupby("key")["value"].sum().items()} == whole(BY_HAND)
    frame = pandas.read_json(exported / "json" / "totals.json", dtype=False)
    values = zip(frame["key"], frame["value"], strict=True)
    assert {str(name): Decimal(str(value)) for name, value in values} == whole(BY_HAND)


def test_the_database_holds_together_and_its_view_adds_the_figures_up(exported: Path) -> None:
    with closing(sqlite3.connect(exported / "sqlite" / "data.sqlite3")) as connection:

        def ask(text: str) -> list[tuple[object, ...]]:
            return connection.execute(text).fetchall()

        assert ask("PRAGMA integrity_check") == [("ok",)]
        assert ask("PRAGMA foreign_key_check") == []
        assert ask("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name") == [
            ("agencies",), ("figures",), ("keys",), ("totals",), ("totals_from_figures",),
        ]  # fmt: skip
        view = {str(name): Decimal(str(value)) for name, value in ask("SELECT * FROM totals_from_figures")}
        assert view == whole(BY_HAND)
        assert [name for name, _ in ask("SELECT * FROM totals_from_figures")] == KEYS
        assert ask("SELECT t.key FROM totals t JOIN totals_from_figures f USING (key) WHERE t.value <> f.value") == []
        assert {kind for (kind,) in ask(f"SELECT typeof(value) FROM figures WHERE key <> '{FEE}'")} == {"integer"}
        assert ask('SELECT "table", "to" FROM pragma_foreign_key_list(\'figures\') ORDER BY 1') == [
            ("agencies", "agency"), ("keys", "key"),
        ]  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("INSERT INTO totals SELECT * FROM totals")


@pytest.mark.parametrize("kind", FORMATS)
def test_names_that_do_harm_come_through_as_they_are(kind: str, hostile: Path) -> None:
    expected = DISARMED if kind == "csv" else HOSTILE
    rows = rows_of(hostile, kind, "agencies")
    assert [row["agency_name"] for row in rows] == expected
    assert [row["file"] for row in rows] == expected
    assert [row["agency_name"] for row in rows_of(hostile, kind, "figures")[::200]] == expected


def test_python_and_duckdb_read_the_names_from_csv_too(hostile: Path) -> None:
    text = (hostile / "csv" / "agencies.csv").read_bytes().decode("utf-8-sig")
    assert [row["agency_name"] for row in csv.DictReader(io.StringIO(text, newline=""))] == DISARMED
    table = f"read_csv('{hostile / 'csv' / 'agencies.csv'}', all_varchar=true, quote='\"', escape='\"')"
    assert [name for (name,) in duckdb.connect().execute(f"SELECT agency_name FROM {table}").fetchall()] == DISARMED


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1", "'=1"),
        ("＝1", "'＝1"),
        ("-", "'-"),
        ("\t", "'\t"),
        ("", ""),
        ("a=1", "a=1"),
        ("'=1", "'=1"),
        (" =1", " =1"),
    ],
)
def test_a_text_is_disarmed_where_a_spreadsheet_would_run_it(text: str, safe: str) -> None:
    assert disarmed(text) == safe


def groups_over(groups: list[dict[str, str]], items: list[dict[str, str]], at: int) -> str:
    """The headings above an item as the definition declares them."""
    names = [item["name"] for item in items]
    ends = {group["label"]: group["over"].split("..") for group in groups}
    return " › ".join(label for label, (first, last) in ends.items() if names.index(first) <= at <= names.index(last))


@pytest.mark.parametrize("kind", FORMATS)
def test_the_dictionary_has_every_cell_with_the_labels_of_the_official_form(kind: str, exported: Path) -> None:
    rows = rows_of(exported, kind, "keys")
    names = (
        "key", "table", "row", "column", "table_title", "block_title", "row_groups", "row_label", "column_groups",
        "column_label", "decimals",
    )  # fmt: skip
    assert [tuple(str(row[name]) for name in names) for row in rows] == [
        (
            f"{table['name']}.{row['name']}.{column['name']}", table["name"], row["name"], column["name"],
            table["title"], block.get("title", ""),
            groups_over(block.get("row_groups", []), block["rows"], block["rows"].index(row)), row["label"],
            groups_over(block.get("column_groups", []), block["columns"], block["columns"].index(column)),
            column["label"], str(max(row.get("decimals", 0), column.get("decimals", 0))),
        )
        for table, block, row, column in CELLS
    ]  # fmt: skip


def test_the_dictionary_says_what_is_typed_and_how_the_rest_is_added_up(exported: Path) -> None:
    rows = {str(row["key"]): row for row in rows_of(exported, "json", "keys")}
    computed = [name for name, row in rows.items() if row["source"] == "computed"]
    assert (len(computed), len(rows)) == (34, 200)
    assert computed == [
        name for name in KEYS if name.endswith(".total") or name.startswith("requests.total_handled.")
    ]  # fmt: skip
    review = rows["disputes.review.total"]
    assert review["sum_of"] == (
        "disputes.review.upheld + disputes.review.corrected + disputes.review.other_outcome + disputes.review.pending"
    )
    assert (rows[FEE]["type"], rows[FEE]["decimals"], rows[FEE]["source"], rows[FEE]["rules"]) == (
        "decimal", 6, "typed", "",
    )  # fmt: skip
    assert [rows[name]["rules"] for name in ("requests.carried_in.other_org", "proactive.gov_rules.in_force")] == [
        "requests.total requests.balance requests.carry_over", "proactive.in_force_floor proactive.in_force_roll",
    ]  # fmt: skip
    assert {rows[name]["type"] for name in KEYS if name != FEE} == {"count"}


VALIDATE = """
import sys, warnings
warnings.simplefilter("ignore")
from frictionless import Package, validate
for path in sys.argv[1:]:
    report = validate(path)
    print(path.split("/")[-2], report.valid, [task.type for task in report.tasks], report.flatten(["title", "note"]))
"""


@pytest.mark.long
def test_the_data_package_is_valid_and_so_are_its_files(exported: Path) -> None:
    """Types, required values, primary and foreign keys, hashes; frictionless reads no tables from SQLite by a path."""
    paths = [str(exported / kind / "datapackage.json") for kind in FORMATS]
    done = subprocess.run([sys.executable, "-c", VALIDATE, *paths], capture_output=True, check=True)
    tables = {kind: ["file" if kind == "sqlite" else "table"] * 4 for kind in FORMATS}
    assert done.stdout.decode().splitlines() == [f"{kind} True {types} []" for kind, types in tables.items()]


def test_the_data_package_of_hostile_names_is_valid_too(hostile: Path) -> None:
    paths = [str(hostile / kind / "datapackage.json") for kind in ("csv", "jsonl")]
    done = subprocess.run([sys.executable, "-c", VALIDATE, *paths], capture_output=True, check=True)
    assert done.stdout.decode().splitlines() == [f"{kind} True {['table'] * 4} []" for kind in ("csv", "jsonl")]


def test_the_data_package_says_what_stands_where(exported: Path) -> None:
    document = json.loads((exported / "csv" / "datapackage.json").read_text("utf-8"))
    resources = {each["name"]: each for each in document.pop("resources")}
    assert document == {
        "profile": "tabular-data-package",
        "name": "ogi-annual-report-2021-2025",
        "title": "2025 年度政府信息公开工作年度报告",
        "description": "收到文件 3 份，收录 3 家，未收录 0 份；名册共 2 家，未报 0 家。",
        "form": {
            "id": "ogi-annual-report-2021", "code": "OGI2021", "version": 1, "title": "政府信息公开工作年度报告",
        },
        "year": 2025,
    }  # fmt: skip
    totals = (exported / "csv" / "totals.csv").read_bytes()
    armed = "以 = + - @ ＝ ＋ － ＠、制表符或回车开头的，前面加了一个撇号（'），以免表格软件当作公式。"
    assert resources["totals"] == {
        "profile": "tabular-data-resource", "name": "totals", "path": "totals.csv", "title": "合计",
        "description": "每一格全部收录单位的合计，与汇总工作簿“汇总表”页相同。",
        "format": "csv", "mediatype": "text/csv", "hash": f"sha256:{hashlib.sha256(totals).hexdigest()}",
        "encoding": "utf-8",
        "dialect": {
            "csvddfVersion": 1.2, "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True,
            "skipInitialSpace": False, "header": True,
        },
        "schema": {
            "fields": [
                {
                    "name": "key", "type": "string", "title": "单元格名称",
                    "description": f"表、行、列的名称，以点相连；填报工作簿里同名的单元格就是它。{armed}",
                    "constraints": {"required": True},
                },
                {
                    "name": "value", "type": "number", "title": "合计", "description": "全部收录单位的合计。",
                    "constraints": {"required": True},
                },
            ],
            "missingValues": [""],
            "primaryKey": ["key"],
            "foreignKeys": [{"fields": ["key"], "reference": {"resource": "keys", "fields": ["key"]}}],
        },
    }  # fmt: skip
    assert resources["figures"]["schema"]["primaryKey"] == ["agency", "key"]
    assert resources["figures"]["schema"]["foreignKeys"] == [
        {"fields": ["agency"], "reference": {"resource": "agencies", "fields": ["agency"]}},
        {"fields": ["key"], "reference": {"resource": "keys", "fields": ["key"]}},
    ]
    fields = {each["name"]: each for each in resources["agencies"]["schema"]["fields"]}
    assert fields[NEW.format("natural_person")] == {
        "name": "requests.new_received.natural_person", "type": "integer", "title": "表三 一、本年新收·自然人",
        "description": "三、收到和处理政府信息公开申请情况，一、本年新收政府信息公开申请数量，申请人情况 › 自然人。"
        "空白格没有值；合计格按空白计 0。",
    }  # fmt: skip
    assert fields[FEE]["type"] == "number"


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_summary_gives_the_same_bytes(kind: Format) -> None:
    summary = merge(official().book, readings())
    first, second = dict(export_files(summary, kind)), dict(export_files(merge(official().book, readings()), kind))
    assert first == second
    assert tuple(first) == export_names(kind)


def test_the_files_are_called_after_their_tables() -> None:
    assert {kind: export_names(kind) for kind in FORMATS} == {
        **{
            kind: (f"keys.{kind}", f"totals.{kind}", f"agencies.{kind}", f"figures.{kind}", "datapackage.json")
            for kind in ("csv", "json", "jsonl", "parquet")
        },
        "sqlite": ("data.sqlite3", "datapackage.json"),
    }


@pytest.mark.parametrize("kind", FORMATS)
def test_a_blank_has_no_value_and_the_sums_over_it_still_add_up(kind: Format, tmp_path: Path) -> None:
    """丁局 left all but three of its cells blank: they count as 0, and are told apart from a 0."""
    written: dict[str, int | str] = {
        NEW.format("natural_person"): 2, GRANTED.format("natural_person"): 2, "requests.carried_in.other_org": 0,
    }  # fmt: skip
    broken = read(filled(written, ("proactive", "disputes"), Issue(Agency("丁局", code(4)), 2025)), "丁局.xlsx")
    summary = merge(official().book, [*readings(), broken], include_broken=True)
    (tmp_path / kind).mkdir()
    for name, data in export_files(summary, kind):
        (tmp_path / kind / name).write_bytes(data)
    figures = {str(row["key"]): row["value"] for row in rows_of(tmp_path, kind, "figures")[600:]}
    assert figures[NEW.format("other_org")] is None
    assert [Decimal(str(figures[name])) for name in (
        "requests.carried_in.other_org", NEW.format("natural_person"), NEW.format("total"), HANDLED.format("total"),
    )] == [0, 2, 2, 2]  # fmt: skip
    sums = dict.fromkeys(KEYS, Decimal(0))
    for row in rows_of(tmp_path, kind, "figures"):
        sums[str(row["key"])] += Decimal(str(row["value"] or 0))
    grown = {NEW.format("natural_person"): "9", NEW.format("total"): "14", GRANTED.format("natural_person"): "9",
             GRANTED.format("total"): "14", HANDLED.format("natural_person"): "9",
             HANDLED.format("total"): "14"}  # fmt: skip
    assert sums == whole(BY_HAND | grown)
    assert numbers(rows_of(tmp_path, kind, "totals")) == sums
    (line,) = [row for row in rows_of(tmp_path, kind, "agencies") if row["agency_name"] == "丁局"]
    assert (line["status"], line[NEW.format("other_org")] or None) == ("errors", None)


def test_another_form_is_exported_as_well(tmp_path: Path) -> None:
    """Two places of decimals; without codes, categories and keys of the official form."""
    write(summed({"甲馆": "bought.paper 5 budget.wan_yuan 0.1", "乙馆": "budget.wan_yuan 0.2"}), tmp_path)
    for kind in FORMATS:
        found = {name: value for name, value in numbers(rows_of(tmp_path, kind, "totals")).items() if value}
        assert found == {
            "books.bought.paper": 5, "books.bought.sum": 5, "books.budget.wan_yuan": Decimal("0.3"),
        }  # fmt: skip
        assert [row["agency_code"] for row in rows_of(tmp_path, kind, "agencies")] == ["", ""]
    with closing(sqlite3.connect(tmp_path / "sqlite" / "data.sqlite3")) as connection:
        query = "SELECT value FROM totals_from_figures WHERE key = 'books.budget.wan_yuan'"
        assert connection.execute(query).fetchall() == [(0.3,)]


def test_a_difference_is_written_as_one(tmp_path: Path) -> None:
    text = FORM.replace('holds = "sum = paper..digital"', 'holds = "sum = paper - digital"')
    write(summed({"甲馆": "bought.paper 5 bought.digital 2"}, text), tmp_path)
    rows = {str(row["key"]): row for row in rows_of(tmp_path, "csv", "keys")}
    assert rows["books.bought.sum"]["sum_of"] == "books.bought.paper - books.bought.digital"
    assert numbers(rows_of(tmp_path, "csv", "totals"))["books.bought.sum"] == 3


def test_half_a_letter_becomes_a_question_mark(tmp_path: Path) -> None:
    write(summed({"半\ud83d个": "bought.paper 1"}), tmp_path)
    assert {kind: [row["agency_name"] for row in rows_of(tmp_path, kind, "agencies")] for kind in FORMATS} == {
        kind: ["半?个"] for kind in FORMATS
    }


def test_a_form_with_more_cells_than_sqlite_has_columns_goes_another_way() -> None:
    items = ", ".join(f'{{ name = "c{at}", label = "列{at}" }}' for at in range(45))
    axes = f"columns = [{items}]\nrows = [{items}]\n"
    rules = book(FORM[: FORM.index("[[table.block]]")] + "[[table.block]]\n" + axes)
    values = dict.fromkeys(rules.cells, Decimal(1))
    made = Submission(rules, Source("a.xlsx", ""), Agency("甲馆", ""), 2025, values, ())
    summary = Summary(rules, 2025, "馆", (Entry(made, ""),), values)
    with pytest.raises(ExportUnavailable) as raised:
        next(export_files(summary, "sqlite"))
    assert str(raised.value) == "本报表有 2025 格，SQLite 的一个表至多 2000 列，装不下。"
    assert raised.value.hint == "请改用别的格式，例如 --format csv。"
    files = dict(export_files(summary, "csv"))
    assert files["agencies.csv"].splitlines()[1].decode() == "1,,甲馆,,2025,a.xlsx,,clean" + ",1" * 2025


def test_the_command_exports_what_a_merge_counts_and_says_the_rest(folder: Path) -> None:
    """So it does from the summary workbook of the same files."""
    (folder / "缺").mkdir()
    (folder / "缺" / "丁局.xlsx").write_bytes(filled({}, ("proactive",), Issue(Agency("丁局", code(4)), 2025)))
    told = gouji(folder, "export", "收", "缺", "-o", "出")
    assert (told.code, told.err) == (1, "")
    assert told.out.splitlines()[1:] == [
        "收到文件 4 份，收录 3 家，未收录 1 份。",
        "已导出到 出：keys.csv、totals.csv、agencies.csv、figures.csv、datapackage.json。",
    ]
    assert told.out.startswith("未收录 缺/丁局.xlsx：有 2 处错误：表三依申请公开：有 144 个空白格")
    assert numbers(_totals(folder / "出")) == whole(BY_HAND)
    assert gouji(folder, "merge", "收", "-o", "汇总.xlsx").code == 0
    assert gouji(folder, "export", "汇总.xlsx", "-o", "再出").code == 0
    assert numbers(_totals(folder / "再出")) == whole(BY_HAND)


def _totals(folder: Path) -> list[dict[str, object]]:
    return [dict(row) for row in _records(pandas.read_csv(folder / "totals.csv", encoding="utf-8-sig", dtype=str))]


def test_a_collection_exports_what_its_summary_counts(tmp_path: Path) -> None:
    good, warned = member("甲局", 1), member("乙局", 2, category="乡镇")
    collection_of(tmp_path / "任务", [good, warned, member("丙局", 3)])
    (tmp_path / "来").mkdir()
    new = {NEW.format("natural_person"): 3, GRANTED.format("natural_person"): 3}
    (tmp_path / "来" / "甲.xlsx").write_bytes(completed(good, new))
    odd = {"proactive.normative_documents.issued": 2, NEW.format("natural_person"): 4,
           GRANTED.format("natural_person"): 4}  # fmt: skip
    (tmp_path / "来" / "乙.xlsx").write_bytes(completed(warned, odd))
    assert gouji(tmp_path, "collect", "任务", "来").code == 0
    told = gouji(tmp_path, "export", "任务", "-o", "出", "--format", "json")
    assert told.code == 1
    assert [line for line in told.out.splitlines() if not line.startswith("未收录")][:2] == [
        "未报 丙局",
        "收录 1/3；收到文件 2 份，收录 1 家，未收录 1 份；名册共 3 家，未报 1 家。",
    ]
    assert _named(tmp_path / "出") == [("甲局", "县直部门", 3)]
    assert gouji(tmp_path, "export", "任务", "-o", "全", "--format", "json", "--with-warnings").code == 0
    assert _named(tmp_path / "全") == [("甲局", "县直部门", 3), ("乙局", "乡镇", 4)]
    (tmp_path / "来" / "外人.xlsx").write_bytes(completed(member("外人", 9), new))
    assert gouji(tmp_path, "collect", "任务", "来").code == 1
    assert gouji(tmp_path, "export", "任务", "-o", "外", "--with-warnings").code == 1


def _named(folder: Path) -> list[tuple[str, str, int]]:
    rows = json.loads((folder / "agencies.json").read_text("utf-8"))
    return [(row["agency_name"], row["category"], row[NEW.format("total")]) for row in rows]


def test_what_is_there_is_not_overwritten_and_nothing_else_is_written(folder: Path) -> None:
    (folder / "有").mkdir()
    (folder / "有" / "figures.csv").write_text("别人的", encoding="utf-8")
    told = gouji(folder, "export", "收", "-o", "有")
    assert (told.code, told.out, told.err) == (
        2, "",
        "错误：“有”里已有figures.csv，没有覆盖，什么也没有写。\n请换一个文件夹；确要覆盖的，请加 --force。\n",
    )  # fmt: skip
    assert [path.name for path in (folder / "有").iterdir()] == ["figures.csv"]
    assert (folder / "有" / "figures.csv").read_text("utf-8") == "别人的"
    assert gouji(folder, "export", "收", "-o", "有", "--force").code == 0
    assert numbers(_totals(folder / "有")) == whole(BY_HAND)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("收", "-o", "收/甲局.xlsx"), "错误：“收/甲局.xlsx”不是文件夹。\n请给 -o 换一个文件夹。\n"),
        (
            ("收/甲局.xlsx", "-o", "收/甲局.xlsx/出"),
            "错误：“收/甲局.xlsx/出/keys.csv”写不进去：上级不是文件夹。\n请检查文件是否正打开着、文件夹能不能写、磁盘满没满。\n",
        ),
        (
            ("收", "-o", "收/出"),
            "错误：不能导出到要读的文件夹“收”里，下次会当成收回的文件。\n请给 -o 换一个文件夹。\n",
        ),
        (
            ("收", "-o", "新", "--with-warnings"),
            "错误：--with-warnings 只用于收集任务；工作簿有提示的，本来就收录。\n请去掉 --with-warnings。\n",
        ),
    ],
)  # fmt: skip
def test_a_place_or_an_option_that_will_not_do_is_said(words: tuple[str, ...], said: str, folder: Path) -> None:
    told = gouji(folder, "export", *words)
    assert (told.code, told.out, told.err) == (2, "", said)
    assert not (folder / "新").exists()


def test_a_collection_is_exported_by_itself_and_by_its_own_settings(tmp_path: Path) -> None:
    collection_of(tmp_path / "任务", [member("甲局", 1)])
    told = gouji(tmp_path, "export", "任务", "任务", "-o", "出")
    assert (told.code, told.err.splitlines()[0]) == (2, "错误：“任务”是收集任务，不能和别的一起导出。")
    told = gouji(tmp_path, "export", "任务", "-o", "出", "--year", "2025")
    assert (told.code, told.err) == (
        2,
        "错误：收集任务的报表、年度、名册和收录哪些都由它自己定。\n"
        "请去掉 --form、--year、--roster、--include-broken。\n",
    )
    told = gouji(tmp_path, "export", "任务", "-o", "出")
    assert (told.code, told.out.splitlines()[-1]) == (1, "没有可以导出的报表，什么也没有写。")
    assert not (tmp_path / "出").exists()


def test_without_pyarrow_it_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import sys; sys.modules['pyarrow'] = None; from toolkit.cli import main; main()"
    words = ["export", "收", "-o", "无", "--format"]
    command = [sys.executable, "-c", program, *words]
    environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONUTF8": "1"}
    done = subprocess.run([*command, "parquet"], cwd=folder, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (
        2, b"",
        "错误：这里没有安装 pyarrow，写不出 Parquet 文件。\n"
        "请运行：pip install 'gouji-toolkit[parquet]'；或者改用 --format csv。\n",
    )  # fmt: skip
    assert not (folder / "无").exists()
    done = subprocess.run([*command, "sqlite"], cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode == 0
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ExportUnavailable):
        export_names("parquet")


def test_an_export_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no submission"):
        next(export_files(merge(official().book, []), "csv"))
