"""How else one would do it: scripts on openpyxl, pandas and xlsxwriter, as one writes them, and the bare work.

Each is run as a process of its own, `python -m tests.bench.others NAME PLAN FOLDER`, and imports what it is made of and
nothing else. A plan says where figures stand, as whoever writes such a script would have looked it up; those that sum
print the totals as JSON, those that issue leave the workbooks in the folder.
"""

import io
import json
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.bench.bare import Parts, inflate_and_parse

Plan = Mapping[str, Any]
Figures = Mapping[str, int]


def sum_with_openpyxl(plan: Plan, folder: Path) -> None:
    """Load each workbook, take the cells by their addresses."""
    from openpyxl import load_workbook

    def figures() -> Iterator[Figures]:
        for path in sorted(folder.iterdir()):
            workbook = load_workbook(path, data_only=True)
            yield {key: int(workbook[sheet][cell].value or 0) for key, (sheet, cell, *_) in plan["figures"].items()}

    _sum(plan, figures())


def sum_with_pandas(plan: Plan, folder: Path, engine: str) -> None:
    """Read all sheets of each workbook as tables, take the cells by row and column."""
    import pandas

    def figures() -> Iterator[Figures]:
        for path in sorted(folder.iterdir()):
            sheets = pandas.read_excel(path, sheet_name=None, header=None, engine=engine)
            yield {key: int(sheets[sheet].iat[row, column]) for key, (sheet, _, row, column) in plan["figures"].items()}

    _sum(plan, figures())


def parse_barely(plan: Plan, folder: Path) -> None:
    """Inflate and parse the parts that gouji reads."""
    parts = Parts(plan["inflated"], plan["parsed"])
    for path in sorted(folder.iterdir()):
        inflate_and_parse(path.read_bytes(), parts)


def issue_with_xlsxwriter(plan: Plan, folder: Path) -> None:
    """Draw each agency's workbook from the beginning."""
    from tests.official import official
    from toolkit.audit.submission import Agency
    from toolkit.workbook.template import Issue, template_bytes

    known = official()
    for name, code, _ in plan["agencies"]:
        data = template_bytes(known, Issue(Agency(name, code), plan["year"]))
        (folder / f"{code}.xlsx").write_bytes(data)


def issue_with_openpyxl(plan: Plan, folder: Path) -> None:
    """Load a workbook that is ready, put in whose it is, save it under another name."""
    from openpyxl import load_workbook

    for name, code, stamp in plan["agencies"]:
        workbook = load_workbook(plan["master"])
        for called, text in (("agency.name", name), ("agency.code", code), ("form.code", stamp)):
            sheet, cell = next(iter(workbook.defined_names[called].destinations))
            workbook[sheet][cell.replace("$", "")] = text
        workbook.save(folder / f"{code}.xlsx")


def issue_by_cloning(plan: Plan, folder: Path) -> None:
    """Have gouji clone each agency's workbook, without a collection around it."""
    from tests.official import official
    from toolkit.audit.submission import Agency
    from toolkit.workbook.cloning import Cloning
    from toolkit.workbook.template import Issue

    cloning = Cloning(official())
    for name, code, _ in plan["agencies"]:
        data = cloning.workbook(Issue(Agency(name, code), plan["year"]))
        (folder / f"{code}.xlsx").write_bytes(data)


def copy_barely(plan: Plan, folder: Path) -> None:
    """Copy a workbook that is ready, member by member as they are packed, for each agency."""
    master = Path(plan["master"]).read_bytes()
    for _, code, _ in plan["agencies"]:
        with zipfile.ZipFile(io.BytesIO(master)) as archive:
            starts = [*(info.header_offset for info in archive.infolist()), archive.start_dir]
        members = [master[start:end] for start, end in zip(starts, [*starts[1:], len(master)], strict=True)]
        (folder / f"{code}.xlsx").write_bytes(b"".join(members))


OTHERS: Mapping[str, Callable[[Plan, Path], None]] = {
    "openpyxl": sum_with_openpyxl,
    "pandas-openpyxl": lambda plan, folder: sum_with_pandas(plan, folder, "openpyxl"),
    "pandas-calamine": lambda plan, folder: sum_with_pandas(plan, folder, "calamine"),
    "bare": parse_barely,
    "xlsxwriter": issue_with_xlsxwriter,
    "openpyxl-save": issue_with_openpyxl,
    "clone": issue_by_cloning,
    "copy": copy_barely,
}


def _sum(plan: Plan, workbooks: Iterator[Figures]) -> None:
    """Add up what is in balance, and print it."""
    totals = dict.fromkeys(plan["figures"], 0)
    for figures in workbooks:
        for coming, going in plan["balances"]:
            if sum(figures[key] for key in coming) != sum(figures[key] for key in going):
                raise ValueError(f"{coming} and {going} are not in balance")
        for key, figure in figures.items():
            totals[key] += figure
    print(json.dumps(totals))


def main() -> None:
    """Run the one that is named."""
    name, plan, folder = sys.argv[1:]
    warnings.simplefilter("ignore")
    OTHERS[name](json.loads(Path(plan).read_text(encoding="utf-8")), Path(folder))


if __name__ == "__main__":
    main()
