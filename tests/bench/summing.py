"""`make bench`: what a summary costs - a merge of many workbooks, its parts, and reading it one level up.

Each command runs in a process of its own, beside the bare work on the same files in the same run: reading and auditing
the workbooks one after the other. Formulas are counted in the workbook that was written.
"""

import re
import tempfile
import zipfile
from pathlib import Path

from tests.bench.measuring import measured_gouji, surroundings, timed
from tests.collection.making import completed, member, roster_csv
from tests.official import official
from toolkit.summary.review import review
from toolkit.workbook.sources import find_files

COUNTS = (500, 2_000)
CATEGORIES = ("县直部门", "乡镇街道", "垂直管理")
TEAM = 20  # agencies under one


def main() -> None:
    """A Markdown table for each number of agencies."""
    print(f"{surroundings()}; reading and auditing alone in one process\n")
    print("| agencies | command | s | reading and auditing alone, s | ratio | peak MB | file MB | formulas an agency |")
    print("|---:|---|---:|---:|---:|---:|---:|---:|")
    for count in COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), count)


def measure(folder: Path, count: int) -> None:
    """A county of so many agencies in three categories, twenty under each that has any; then the city above it."""
    members = [member(f"第{at}号单位", at, CATEGORIES[at % 3]) for at in range(count)]
    filled = folder / "收回"
    filled.mkdir()
    for at, who in enumerate(members):
        figures = {"requests.new_received.natural_person": at, "requests.granted.natural_person": at}
        (filled / f"{at}.xlsx").write_bytes(completed(who, figures))
    roster = folder / "名册.csv"
    rows = [
        {
            "单位名称": each.agency.name, "统一社会信用代码": each.agency.code, "类别": each.category,
            "上级单位": "" if at % TEAM == 0 else members[at - at % TEAM].agency.name,
        }
        for at, each in enumerate(members)
    ]  # fmt: skip
    roster.write_bytes(roster_csv(rows))
    known = official()
    alone = timed(lambda: [None for _ in review(find_files([filled]), {known.book.form.code: known})])
    county, city = folder / "县.xlsx", folder / "市.xlsx"
    commands = {
        "merge": ("merge", str(filled), "-o", str(county), "--roster", str(roster), "--office", "县"),
        "merge of the summary": ("merge", str(county), "-o", str(city), "--office", "市"),
        "trace": ("trace", str(county), "requests.new_received.total"),
    }
    for name, words in commands.items():
        cost = measured_gouji(*words, codes=(0, 1))
        made = {"merge": county, "merge of the summary": city}.get(name)
        size = f"{made.stat().st_size / 2**20:.1f}" if made else ""
        formulas = f"{count_formulas(made) / count:.0f}" if made else ""
        ratio = cost.seconds / alone
        print(
            f"| {count:,} | {name} | {cost.seconds:.1f} | {alone:.1f} | {ratio:.2f} | {cost.peak:.0f} "
            f"| {size} | {formulas} |"
        )


def count_formulas(path: Path) -> int:
    """The formulas in a workbook."""
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return sum(len(re.findall(rb"<f[ >]", archive.read(name))) for name in sheets)


if __name__ == "__main__":
    main()
