"""`make bench`: a whole collection of 1,000 agencies: issue, collect, status, summarize, each in a process of its own.

Each stage's time and peak memory are printed, for the whole and for one agency, and its ratio to what the bare work on
the same files costs in the same run, without a collection around it: writing the workbooks, reading and checking them,
or writing the summary of what was read.
"""

import tempfile
from datetime import date
from pathlib import Path

from tests.bench.measuring import measured_gouji, surroundings, timed
from tests.collection.making import collection_of, completed, member
from tests.official import official
from toolkit.audit.submission import Reading
from toolkit.collection.roster import Roster
from toolkit.summary.merge import merge
from toolkit.summary.review import review
from toolkit.summary.sheets import summary_bytes
from toolkit.workbook.sources import find_files
from toolkit.workbook.template import Issue, template_bytes

COUNTS = (100, 1_000)


def main() -> None:
    """A Markdown table for each number of agencies."""
    print(f"{surroundings()}; the bare work in one process\n")
    print("| agencies | stage | s | ms an agency | bare work, ms | ratio | peak MB |")
    print("|---:|---|---:|---:|---:|---:|---:|")
    for count in COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), count)


def measure(folder: Path, count: int) -> None:
    """One collection from its roster to its summary."""
    members = [member(f"第{at}号单位", at, ("县直部门", "乡镇街道", "垂直管理")[at % 3]) for at in range(count)]
    collection, _ = collection_of(folder / "任务", members, due=date(2027, 12, 31))
    filled = folder / "任务" / "inbox"
    for at, who in enumerate(members):
        figures = {"requests.new_received.natural_person": at, "requests.granted.natural_person": at}
        (filled / f"{at}.xlsx").write_bytes(completed(who, figures))
    known = official()
    forms = {known.book.form.code: known}
    writing = timed(lambda: [template_bytes(known, Issue(each.agency, 2025)) for each in members[:100]]) / min(
        count, 100
    )
    readings: list[Reading] = []
    reading = timed(lambda: readings.extend(review(find_files([filled]), forms))) / count
    listings = Roster(tuple(members)).listings
    summing = timed(lambda: summary_bytes(merge(known.book, readings, roster=listings))) / count
    readings.clear()
    bare = {"issue": writing, "collect": reading, "status": reading, "summarize": summing}
    for stage in bare:
        words = (stage, str(collection.folder), *(("--html", str(folder / "进度.html")) if stage == "status" else ()))
        cost = measured_gouji(*words, codes=(0, 1))
        each = 1000 * cost.seconds / count
        told = 1000 * bare[stage]
        print(
            f"| {count:,} | {stage} | {cost.seconds:.2f} | {each:.2f} | {told:.2f} | {each / told:.2f} "
            f"| {cost.peak:.0f} |"
        )


if __name__ == "__main__":
    main()
