"""A collection folder: what stands in it and where, its collection.toml, and making a new one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from toolkit.collection.roster import Member
from toolkit.form.library import built_in, load_form
from toolkit.form.model import Form
from toolkit.form.section import Mistakes, Section, nearest
from toolkit.form.toml import Broken, load_toml
from toolkit.problems import Problem, Severity, Where
from toolkit.workbook.known import Known, know
from toolkit.workbook.saving import write_whole

SETTINGS, LEDGER, ROSTER, FORM = "collection.toml", "ledger.sqlite3", "roster.xlsx", "form.toml"
FOLDERS = ("issued", "inbox", "received", "returned", "reminders", "summary")

_TEMPLATE = """\
# 收集任务的设置。改后存盘即可，下一次运行就按新的办；# 后面的是说明。

# 收哪种报表：内置报表的编号，或本文件夹里的定义文件
form = {form}

# 收哪个年度的报表（下发之后不能再改）
year = {year}

# 汇总单位
office = {office}

# 报送截止日期（含当天）
due = {due}

# 单位名册，.xlsx 或 .csv
roster = {roster}

# 写在退回通知和催报通知末尾的话：联系人、电话、交到哪里
footer = \"\"\"
{footer}
\"\"\"
"""


@dataclass(frozen=True, slots=True)
class Collection:
    """The settings of one collection; `due` is the last day on which a filing is in time."""

    folder: Path
    known: Known
    year: int
    office: str
    due: date
    footer: str
    roster: Path

    @property
    def form(self) -> Form:
        return self.known.book.form

    @property
    def ledger(self) -> Path:
        return self.folder / LEDGER

    @property
    def forms(self) -> Mapping[str, Known]:
        """The one form that its workbooks may be of, by form code."""
        return {self.form.code: self.known}

    def place(self, name: str) -> Path:
        """One of the folders in it."""
        return self.folder / name


def is_collection(folder: Path) -> bool:
    """Whether a folder is a collection."""
    return (folder / SETTINGS).is_file()


def load_collection(folder: Path) -> Collection | tuple[Problem, ...]:
    """The collection in a folder, or every mistake in its settings; OSError where they cannot be read."""
    path = folder / SETTINGS
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        hint = "请用记事本等另存为 UTF-8 编码。"
        return (Problem(Where(path.name, line=1), "definition", Severity.ERROR, "文件不是 UTF-8 编码的文本。", hint),)
    loaded = load_toml(text)
    if isinstance(loaded, Broken):
        where = Where(path.name, line=loaded.line)
        return (Problem(where, "definition", Severity.ERROR, loaded.message, loaded.hint),)
    mistakes = Mistakes(path.name, loaded[1])
    collection = _collection(Section(loaded[0], (), mistakes), folder)
    problems = sorted(mistakes.problems, key=lambda problem: problem.where.line or 0)
    return collection if collection is not None and not problems else tuple(problems)


def create_collection(
    folder: Path, form: str | Path, *, year: int, office: str, due: date, members: tuple[Member, ...] = ()
) -> None:
    """Make a collection folder; `form` is a built-in form's id or a sound definition file, which is copied.

    FileExistsError where there is one already. Killed on the way, it is not one yet and can be made again: the settings
    are written last.
    """
    from toolkit.collection.opening import writing  # late, as the next: who only reads settings needs no database
    from toolkit.collection.rosterbook import roster_bytes

    if is_collection(folder):
        raise FileExistsError(folder)
    office = "".join(letter for letter in office if letter.isprintable()).strip()
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    if isinstance(form, Path):
        write_whole(folder / FORM, form.read_bytes(), force=True)
    known = _known(form if isinstance(form, Path) else built_in()[form])
    roster, data = folder / ROSTER, roster_bytes(known.book.form, members)
    if not roster.exists():
        write_whole(roster, data, force=False)
    elif members and roster.read_bytes() != data:
        raise FileExistsError(roster)
    with writing(folder / LEDGER, known, make=True):
        pass
    text = _TEMPLATE.format(
        form=_quoted(FORM if isinstance(form, Path) else form),
        year=year,
        office=_quoted(office),
        due=due.isoformat(),
        roster=_quoted(ROSTER),
        footer=office.replace("\\", "").replace('"', ""),
    )
    write_whole(folder / SETTINGS, text.encode("utf-8"), force=False)


def what_is_wrong_with_dates(form: Form, year: int, due: date) -> tuple[str, str] | None:
    """What keeps a year and a due date from being those of a collection, and the way out; None where nothing does."""
    if year < form.first_year:
        return f"本报表自 {form.first_year} 年度起使用，不能用于 {year} 年度", "请改正年度。"
    if not year <= due.year <= year + 2:
        return f"截止日期 {due} 与 {year} 年度不相称", "报告在年度结束后报送，请改正日期或年度。"
    return None


def _known(path: Path) -> Known:
    form = load_form(path)
    if not isinstance(form, Form):
        raise ValueError(f"the definition {path.name} has mistakes")
    return know(form)


def _quoted(text: str) -> str:
    """A text as TOML writes it; JSON's way is one that TOML reads."""
    return json.dumps(text, ensure_ascii=False)


def _collection(top: Section, folder: Path) -> Collection | None:
    form = _form(top, folder)
    year, due = top.whole("year"), top.day("due")
    roster = folder / top.text("roster", ROSTER)
    office, footer = top.text("office"), top.text("footer", "").strip()
    top.finish()
    if top.is_sound("roster") and not roster.is_file():
        top.wrong("roster", f"找不到名册“{roster.name}”", "请把名册放进收集任务文件夹，或改正文件名。")
    if form is None or not top.is_sound("year") or not top.is_sound("due"):
        return None
    if wrong := what_is_wrong_with_dates(form, year, due):
        top.wrong("year" if year < form.first_year else "due", *wrong)
    return Collection(folder, know(form), year, office, due, footer, roster)


def _form(top: Section, folder: Path) -> Form | None:
    name = top.text("form")
    path = built_in().get(name, folder / name)
    if not name or not top.is_sound("form"):
        return None
    if not path.is_file():
        top.wrong("form", f"没有叫“{name}”的报表，也没有这个文件", nearest(name, built_in()))
        return None
    form = load_form(path)
    if isinstance(form, Form):
        return form
    first = form[0]
    told = f"报表定义 {path.name} 有 {len(form)} 处错误，第一处在第 {first.where.line} 行：{first.message}"
    top.wrong("form", told, f"请用 gouji lint 查看全部错误：gouji lint {path}")
    return None
