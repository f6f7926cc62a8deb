"""Issuing a workbook to each agency, with last year's figures for none: gouji beside scripts, and beside bare copying.

Every workbook must be there, and bear its agency's name and code; but for the bare copies, which are all of the same.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from openpyxl import load_workbook

from tests.bench.comparing import Way
from tests.bench.making import SOME, YEAR, agency_of
from tests.bench.measuring import Cost, WrongError, measured_gouji, measured_other
from tests.collection.making import collection_of
from tests.official import official
from toolkit.collection.roster import Member
from toolkit.form.stamp import print_stamp
from toolkit.workbook.template import Issue, template_bytes

TITLES = {
    "xlsxwriter": "xlsxwriter, each workbook drawn",
    "openpyxl-save": "openpyxl, load, change and save",
    "issue": "gouji issue",
    "clone": "gouji's cloning alone",
    "copy": "bare: copy the packed members",
}

_CATEGORIES = ("县直部门", "乡镇街道", "垂直管理")


def issuing_ways(folder: Path) -> tuple[Way, ...]:
    """All ways of issuing, drawing each with xlsxwriter first; what they need and make lies in the folder."""
    work = _Issuing(folder / "issuing.json", folder / "issued", folder / "master.xlsx")
    work.master.write_bytes(template_bytes(official(), Issue(SOME, YEAR)))
    ours = {"issue": work.with_gouji}
    return tuple(Way(name, title, ours.get(name, partial(work.with_other, name))) for name, title in TITLES.items())


@dataclass(frozen=True, slots=True)
class _Issuing:
    """Where the plan lies, the folder that is issued in, and the workbook that is changed or copied."""

    plan: Path
    issued: Path
    master: Path

    def with_other(self, name: str, count: int) -> Cost:
        """A script that issues."""
        self._begin(count)
        self.issued.mkdir()
        cost = measured_other(name, self.plan, self.issued)
        return self._ended(cost, self.issued, count, is_named=name != "copy")

    def with_gouji(self, count: int) -> Cost:
        """The command, in a collection that is made for it."""
        self._begin(count)
        members = [Member(agency_of(at), category=_CATEGORIES[at % len(_CATEGORIES)]) for at in range(count)]
        collection_of(self.issued, members, year=YEAR)
        cost = measured_gouji("issue", str(self.issued))
        return self._ended(cost, self.issued / "issued", count, is_named=True)

    def _begin(self, count: int) -> None:
        shutil.rmtree(self.issued, ignore_errors=True)
        form, agencies = official().book.form, map(agency_of, range(count))
        listed = [(each.name, each.code, print_stamp(form, YEAR, each.code)) for each in agencies]
        plan = {"agencies": listed, "year": YEAR, "master": str(self.master)}
        self.plan.write_text(json.dumps(plan), encoding="utf-8")

    def _ended(self, cost: Cost, folder: Path, count: int, *, is_named: bool) -> Cost:
        written = sorted(folder.glob("*.xlsx"))
        if len(written) != count:
            raise WrongError(f"{len(written)} workbooks were issued, not {count}")
        if is_named:
            _ensure_named(written, sorted({0, count // 2, count - 1}))
        shutil.rmtree(self.issued)
        return cost


def _ensure_named(written: Sequence[Path], numbers: Sequence[int]) -> None:
    """See that workbooks bear their agencies' names and codes, some of them for all."""
    for number in numbers:
        workbook, told = load_workbook(written[number]), []
        for name in ("agency.name", "agency.code", "form.code"):
            sheet, cell = next(iter(workbook.defined_names[name].destinations))
            told.append(workbook[sheet][cell.replace("$", "")].value)
        agency = agency_of(number)
        if told != [agency.name, agency.code, print_stamp(official().book.form, YEAR, agency.code)]:
            raise WrongError(f"{written[number].name} is of {told}, not of {agency}")
