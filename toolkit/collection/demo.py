"""The whole main job on the bundled samples, in a scratch folder: issue, fill in, check, merge."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from toolkit.audit.across import compare
from toolkit.audit.submission import Agency, Reading
from toolkit.collection.roster import Roster, load_roster
from toolkit.form.library import bundled
from toolkit.form.model import Key
from toolkit.summary.lists import scope_of
from toolkit.summary.merge import merge
from toolkit.summary.review import load_official, review
from toolkit.summary.sheets import summary_bytes
from toolkit.workbook.cloning import Cloning
from toolkit.workbook.known import Known
from toolkit.workbook.saving import write_whole
from toolkit.workbook.sources import find_files
from toolkit.workbook.template import Filling, Issue, template_bytes

YEAR = 2025
ISSUED, RETURNED, SUMMARY = "1-下发", "2-收回", "3-汇总"


@dataclass(frozen=True, slots=True)
class Sample:
    """One agency of the samples and what it fills in; `file` is its workbook's name."""

    file: str
    agency: Agency
    filling: Filling


def load_samples(known: Known) -> list[Sample]:
    """The bundled samples, in their order."""
    text = (bundled("samples") / "figures.toml").read_text(encoding="utf-8")
    return list(_samples(tomllib.loads(text, parse_float=Decimal), known))


def sample_bytes(known: Known, sample: Sample) -> bytes:
    """The sample's workbook as its agency sends it back."""
    return template_bytes(known, Issue(sample.agency, YEAR), sample.filling)


def run_demo(folder: Path, say: Callable[[str], object], show: Callable[[Reading], object]) -> None:
    """Do the job in a folder; `say` takes each step in words, `show` each audited workbook. OSError where it cannot
    write."""
    known = load_official()
    loaded = load_roster(bundled("samples") / "roster.csv")
    roster = loaded.agencies if isinstance(loaded, Roster) else ()
    cloning = Cloning(known)
    for number, agency in enumerate(roster, start=1):
        data = cloning.workbook(Issue(agency, YEAR))
        write_whole(folder / ISSUED / f"{number:02d}-{agency.name}.xlsx", data, force=True)
    say(f"一、下发：给名册上的 {len(roster)} 个单位各生成一个锁定的工作簿，在 {folder / ISSUED}。")
    samples = load_samples(known)
    for sample in samples:
        write_whole(folder / RETURNED / sample.file, sample_bytes(known, sample), force=True)
    say(f"二、填报：{len(samples)} 个单位填好报回，在 {folder / RETURNED}。")
    say("三、审核：逐格核对，错在哪里、差多少、怎样改，一次说全。")
    readings = list(review(find_files([folder / RETURNED]), {known.book.form.code: known}, roster=roster))
    for reading in compare(readings):
        show(reading)
    summary = merge(known.book, readings, roster=roster)
    output = folder / SUMMARY / "汇总.xlsx"
    write_whole(output, summary_bytes(summary), force=True)
    say(f"四、汇总：{scope_of(summary)}")
    say(f"请打开 {output} 看汇总表、明细、问题和收录情况；")
    say(f"再打开 {folder / RETURNED / samples[-1].file}，看“核对”页怎样指出同样的错误。")


def _samples(data: Mapping[str, Any], known: Known) -> Iterator[Sample]:
    for entry in data["agency"]:
        figures = {key: Decimal(0) for key in known.book.typed if key.table in entry.get("zeros", ())}
        figures = {key: value for key, value in figures.items() if key.column not in entry.get("unprinted_columns", ())}
        figures |= {_key(name, known): Decimal(value) for name, value in entry.get("figures", {}).items()}
        for name in entry.get("blank", ()):
            del figures[_key(name, known)]
        filling = Filling(
            figures=figures,
            declared_zero=tuple(entry.get("declared_zero", ())),
            narrative=entry.get("narrative", {}),
            people=entry.get("people", {}),
            remarks=entry.get("remarks", {}),
            explanations=entry.get("explanations", {}),
        )
        yield Sample(entry["file"], Agency(entry["name"], entry["code"]), filling)


def _key(name: str, known: Known) -> Key:
    return next(key for key in known.book.cells if str(key) == name)
