"""The roster: who is to report. A .csv or .xlsx, a line an agency, read with every mistake at once."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from toolkit.audit.submission import Agency, Listing
from toolkit.collection.rosterfile import UNKNOWN, Row, read_rows
from toolkit.problems import Problem, Severity, Where
from toolkit.workbook.package import Refused

NAME, CODE, CATEGORY, PARENT, LEVEL = "单位名称", "统一社会信用代码", "类别", "上级单位", "层级"
CONTACT, PHONE, EMAIL = "联系人", "电话", "邮箱"
PREDECESSORS, EXEMPT, REASON = "前身单位", "免报", "免报理由"
YES, NO = "是", "否"
UNGROUPED = "未分类"
LEVELS = ("本级", "下级")

_HINT = f"请在第一行写明列名：{NAME}、{CODE}。"
_CODE_LENGTH = 18
_SHORTEST_REASON, _DENIALS = 4, ("不", "无", "没", "未", "否", "正常", "按", "需", "应", "要")
_LETTERS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_BRACKETS = re.compile(r"[（(].*[）)]$")
_APART = re.compile(r"[\s,，、;；/]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_HEADS = (NAME, CODE, CATEGORY, PARENT, LEVEL, CONTACT, PHONE, EMAIL, PREDECESSORS, EXEMPT, REASON)


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the roster. `granted` are the 是/否 columns in which it has 是; `exempt` is why it need not report,
    empty where it must; `predecessors` are the codes of agencies it was merged from or was called before; `level` is
    本级 or 下级, or empty."""

    agency: Agency
    line: int = 0
    category: str = UNGROUPED
    parent: str = ""
    granted: frozenset[str] = frozenset()
    contact: str = ""
    phone: str = ""
    email: str = ""
    predecessors: tuple[str, ...] = ()
    exempt: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """The members in the order of the file, each found by its code and by its name."""

    members: tuple[Member, ...] = ()

    @property
    def expected(self) -> tuple[Member, ...]:
        """Those that must report."""
        return tuple(member for member in self.members if not member.exempt)

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """All of them, those that need not report too."""
        return tuple(member.agency for member in self.members)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories in the order in which they first come."""
        return tuple(dict.fromkeys(member.category for member in self.members))

    @property
    def has_categories(self) -> bool:
        """Whether any member has a category."""
        return not set(self.categories) <= {UNGROUPED}

    @property
    def listings(self) -> tuple[Listing, ...]:
        """The agencies as a summary lists them; a parent is called by its name."""
        known = self.by_name() | self.by_code()
        grouped = self.has_categories

        def parent_of(member: Member) -> str:
            parent = known.get(member.parent) or known.get(plain_code(member.parent))
            return member.parent if parent is None else parent.agency.name

        return tuple(
            Listing(each.agency, each.category if grouped else "", parent_of(each), each.level, not each.exempt)
            for each in self.members
        )

    def by_code(self) -> dict[str, Member]:
        """Members by code; a member without one is left out."""
        return {member.agency.code: member for member in self.members if member.agency.code}

    def by_name(self) -> dict[str, Member]:
        """Members by name."""
        return {member.agency.name: member for member in self.members if member.agency.name}


def load_roster(path: Path, *, strict: bool = False, columns: Collection[str] = ()) -> Roster | tuple[Problem, ...]:
    """The roster in a file, or what is wrong with it, by line.

    Names must be there and nothing may be twice. A `strict` one, which a collection needs, has a code of 18 characters
    with the right check digit (GB 32100) in every line, and all that refers to other agencies is right. `columns` are
    the 是/否 columns of the form.
    """
    try:
        rows = read_rows(path.read_bytes())
    except Refused as refused:
        return (Problem(Where(path.name), "roster", Severity.ERROR, refused.message, refused.hint),)
    return _Reading(path.name, columns, strict=strict).roster(rows)


def plain_code(text: str) -> str:
    """A code as it is compared: half-width capitals without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


class _Reading:
    """One roster being read; problems are collected by line."""

    def __init__(self, file: str, columns: Collection[str], *, strict: bool) -> None:
        self._file, self._columns, self._strict = file, columns, strict
        self._problems: list[Problem] = []
        self._has_reasons = False

    def roster(self, rows: list[Row]) -> Roster | tuple[Problem, ...]:
        heads = [_BRACKETS.sub("", "".join(text.split())) for text in rows[0][1]] if rows else []
        if NAME not in heads or CODE not in heads:
            self._wrong(1, f"名册缺少“{NAME}”或“{CODE}”一列。", _HINT)
            return tuple(self._problems)
        for head in dict.fromkeys(heads):
            if heads.count(head) > 1 and head in (*_HEADS, *self._columns):
                self._wrong(rows[0][0], f"“{head}”一列有 {heads.count(head)} 个。", "请只留一列。")
        self._has_reasons = REASON in heads
        members = [self._member(line, self._told(line, heads, cells)) for line, cells in rows[1:]]
        self._check_repeats(members)
        if self._strict:
            if not members:
                self._wrong(rows[0][0], "名册里一个单位也没有。", "请从第二行起每行填一个单位。")
            self._check_references(members)
        ordered = sorted(self._problems, key=lambda problem: problem.where.line or 0)
        return tuple(ordered) or Roster(tuple(members))

    def _wrong(self, line: int, message: str, hint: str) -> None:
        self._problems.append(Problem(Where(self._file, line=line), "roster", Severity.ERROR, message, hint))

    def _told(self, line: int, heads: list[str], cells: list[str]) -> dict[str, str]:
        """A line's texts by heading; what has no value is told where it matters."""
        texts = dict(zip(heads, [*cells, *[""] * len(heads)], strict=False))
        for head in (*_HEADS, *self._columns):
            if texts.get(head) == UNKNOWN:
                told = f"“{head}”一格是错误值，或是没有算出结果的公式。"
                self._wrong(line, told, "请改为直接键入；公式请用 Excel 或 WPS 打开算好再存。")
                texts[head] = ""
        return texts

    def _member(self, line: int, texts: Mapping[str, str]) -> Member:
        agency = Agency(texts[NAME], plain_code(texts[CODE]))
        if not agency.name:
            self._wrong(line, f"没有{NAME}。", f"请补上{NAME}。")
        predecessors = tuple(dict.fromkeys(map(plain_code, filter(None, _APART.split(texts.get(PREDECESSORS, ""))))))
        if self._strict:
            self._check_code(line, CODE, agency.code)
            for code in predecessors:
                self._check_code(line, PREDECESSORS, code)
            email = texts.get(EMAIL, "")
            if email and not _ADDRESS.fullmatch(email):
                self._wrong(line, f"{EMAIL}「{email}」的写法不对。", "请改正，或留空。")
        return Member(
            agency=agency,
            line=line,
            category=texts.get(CATEGORY, "") or UNGROUPED,
            parent=texts.get(PARENT, ""),
            granted=frozenset(column for column in self._columns if self._yes(line, column, texts.get(column, ""))),
            contact=texts.get(CONTACT, ""),
            phone=texts.get(PHONE, ""),
            email=texts.get(EMAIL, ""),
            predecessors=predecessors,
            exempt=self._exempt(line, texts.get(EXEMPT, ""), texts.get(REASON, "")),
            level=self._level(line, texts.get(LEVEL, "")),
        )

    def _yes(self, line: int, column: str, text: str) -> bool:
        if text not in (YES, NO, "") and self._strict:
            self._wrong(line, f"“{column}”填了「{text}」。", f"请填“{YES}”或“{NO}”。")
        return text == YES

    def _level(self, line: int, text: str) -> str:
        if text not in (*LEVELS, ""):
            self._wrong(line, f"“{LEVEL}”填了「{text}」。", f"请填“{LEVELS[0]}”或“{LEVELS[1]}”，或留空。")
        return text

    def _exempt(self, line: int, text: str, reason: str) -> str:
        """Why an agency need not report. In a roster without a column for the reason it stands in the place of 是."""
        if not self._has_reasons and len(_CHINESE.findall(text)) >= _SHORTEST_REASON and not text.startswith(_DENIALS):
            return text
        if text not in (YES, NO, ""):
            hint = f"请填“{YES}”或“{NO}”，理由写在“{REASON}”一列。"
            self._wrong(line, f"“{EXEMPT}”填了「{text}」。", hint)
        if text != YES:
            if reason and self._strict:
                self._wrong(line, f"写了{REASON}，“{EXEMPT}”却不是“{YES}”。", f"请在“{EXEMPT}”填“{YES}”，或删去理由。")
            return ""
        if not reason and self._strict:
            self._wrong(line, f"“{EXEMPT}”填了“{YES}”，没有写理由。", f"请在“{REASON}”写明为什么不用报。")
        return reason or YES

    def _check_code(self, line: int, column: str, code: str) -> None:
        if wrong := _what_is_wrong(code):
            shown = f"「{code}」" if code else ""
            self._wrong(line, f"{column}{shown}{wrong}。", "请按统一社会信用代码证书改正。")

    def _check_repeats(self, members: Iterable[Member]) -> None:
        seen: dict[str, int] = {}
        for member in members:
            identities = [text for text in (member.agency.name, member.agency.code) if text]
            for identity in identities:
                if identity in seen:
                    told = f"“{identity}”与第 {seen[identity]} 行重复。"
                    self._wrong(member.line, told, "请删去重复的一行，或改正。")
            seen |= {identity: member.line for identity in identities if identity not in seen}

    def _check_references(self, members: list[Member]) -> None:
        """Parents and predecessors: known, no circles, and no agency's last year counted for two."""
        roster = Roster(tuple(members))
        codes = roster.by_code()
        known = codes | roster.by_name()
        parents: dict[str, tuple[str, ...]] = {}
        for member in members:
            parent = known.get(member.parent) or known.get(plain_code(member.parent))
            if member.parent and parent is None:
                told = f"{PARENT}“{member.parent}”不在名册里。"
                self._wrong(member.line, told, "请写名册里的单位名称或代码；没有的留空。")
            parents[member.agency.code] = () if parent is None else (parent.agency.code,)
        self._check_circles(codes, parents, PARENT)
        earlier = {member.agency.code: member.predecessors for member in members}
        self._check_heirs(members, codes, self._check_circles(codes, earlier, PREDECESSORS))

    def _check_heirs(self, members: Iterable[Member], codes: Mapping[str, Member], circular: Collection[str]) -> None:
        heirs: dict[str, Member] = {}
        for member in members:
            for code in member.predecessors:
                if code in heirs:
                    told = f"{PREDECESSORS} {code} 已列在第 {heirs[code].line} 行（{heirs[code].agency}）名下。"
                    hint = "上年的数只能归一个单位；一个单位拆成几个的，请只列在接办其结转事项的那一个名下。"
                    self._wrong(member.line, told, hint)
                heirs.setdefault(code, member)
                old = codes.get(code)
                if old is not None and not old.exempt and not {code, member.agency.code} <= set(circular):
                    told = f"{PREDECESSORS}“{old.agency}”还在名册第 {old.line} 行，今年自己也要报。"
                    hint = (
                        f"已经并入的，请在那一行“{EXEMPT}”填“{YES}”并写明理由，或删去那一行；没有并入的，请从这里删去。"
                    )
                    self._wrong(member.line, told, hint)

    def _check_circles(
        self, members: Mapping[str, Member], edges: Mapping[str, tuple[str, ...]], column: str
    ) -> set[str]:
        """Tell each circle once, at its first line; the codes that are in one."""
        circular: set[str] = set()
        for code in members:
            circle = next(_circle(code, edges), None)
            if circle and circular.isdisjoint(circle):
                names = " → ".join(str(members[each].agency) for each in (*circle, circle[0]))
                self._wrong(members[code].line, f"{column}绕成了一圈：{names}。", "请改正其中填反的一行。")
            circular |= set(circle or ())
        return circular


def _circle(start: str, edges: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """The ways along the edges from a code back to itself, shortest first."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        for code in edges.get(way[-1], ()):
            if code == start:
                yield way
            elif code not in seen:
                seen.add(code)
                ways.append([*way, code])


def _what_is_wrong(code: str) -> str:
    """What keeps a text from being a 统一社会信用代码 (GB 32100), empty where it is one."""
    if not code:
        return "没有填"
    if len(code) != _CODE_LENGTH:
        return f"有 {len(code)} 位，应为 {_CODE_LENGTH} 位"
    strange = "、".join(dict.fromkeys(letter for letter in code if letter not in _LETTERS))
    if strange:
        return f"含有代码不用的字符 {strange}"
    from stdnum.cn import uscc  # late: it takes longer to load than this whole room

    last = uscc.calc_check_digit(code[:-1])
    return "" if last == code[-1] else f"的校验位不对（按前 17 位应为 {last}）"
