"""Ready sentences as an office words them: a text of paragraphs with placeholders -> Wording, or every mistake in it.

One paragraph a line; `{a + b}` is a figure, `{a / b}` or `{a / b : 2}` a share, `{prior a}` last year's figure,
`{change a}` what became of it, `{year}` and the other `WORDS` a fact. `#` begins a comment, `{{` and `}}` are braces.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from toolkit.form.amount import AmountError, parse_amount
from toolkit.form.model import Form, Key
from toolkit.form.section import nearest
from toolkit.problems import Problem, Severity, Where

WORDS = ("year", "unit", "counted", "expected")
LONGEST_LINE, MOST_LINES = 5000, 1000

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}｛｝]*)\}|[{}｛｝]|[^{}｛｝]+")
_VERB = re.compile(r"(prior|change)(?:\s+(.*))?", re.DOTALL)
_DECIMALS = re.compile(r"[0-4]", re.ASCII)
_USUAL_DECIMALS = 1
_SHOWN = 60  # characters of what is wrong
_FORMS = "请写成 {名称}、{名称 + 名称}、{名称 / 名称}、{prior 名称} 或 {change 名称}。"
_BRACES = "占位符写成 {名称} 的样子；要写花括号本身的，请写两个：{{ 或 }}。"

_EXPLANATION = """\
# 汇总报告的文字稿：一行一段，空行不计，以 # 开头的行是说明，都不写进文字。改好后存盘，用 --wording 指明这个文件。
# 花括号里的由汇总的数代入；单元格名称见汇总工作簿的“明细”页，* 代表名称里的任意一段，加号是相加：
#   {CELL}
#       一个数；{名称 + 名称} 是几个数之和
#   {名称 / 名称}
#       占百分之几，一位小数；{名称 / 名称 : 2} 是两位小数；分母是 0 的写作 —
#       一行里除以同一个数的，几项合起来正好是整体时，各占比加起来正好是 100%
#   {prior 名称}
#       上年的数
#   {change 名称}
#       与上年比：增长 20.0%、下降 5.0%、持平；变动极小的写作 基本持平，上年是 0 的写作 —
#   {year} 年度，{unit} 汇总单位，{counted} 收录几家，{expected} 应报几家
#   {{ 和 }} 是花括号本身
# 用到上年的数、应报几家、汇总单位而不知道的，那一段不写，并且告诉您。
"""


@dataclass(frozen=True, slots=True)
class Word:
    """A fact about the summary, one of `WORDS`."""

    name: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Cells added up; of last year's report where it is `prior`."""

    keys: tuple[Key, ...]
    is_prior: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """What part one amount is of another, in percent."""

    part: tuple[Key, ...]
    whole: tuple[Key, ...]
    decimals: int = _USUAL_DECIMALS


@dataclass(frozen=True, slots=True)
class Change:
    """What became of an amount since last year, in percent of last year's."""

    keys: tuple[Key, ...]
    decimals: int = _USUAL_DECIMALS


Piece = str | Word | Figure | Share | Change


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text: its plain texts and placeholders, in order."""

    line: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """The paragraphs of a text; none where a form declares no sentences."""

    paragraphs: tuple[Paragraph, ...] = ()


def parse_wording(text: str, file: str, cells: Iterable[Key], first: int = 1) -> Wording | tuple[Problem, ...]:
    """The wording a text declares; where it has mistakes, all of them. `file` is how messages call it, `first` the line
    of the file that the text begins at."""
    parsing = _Parsing(file, tuple(cells))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    written = [
        (at, line.rstrip()) for at, line in enumerate(lines, start=first) if line.strip() and not _is_comment(line)
    ]
    if not written:
        parsing.wrong(first, "一段文字也没有", "请至少写一行不以 # 开头的文字。")
    elif len(written) > MOST_LINES:
        parsing.wrong(written[MOST_LINES][0], f"有 {len(written)} 段文字", f"请减到 {MOST_LINES} 段以内。")
    paragraphs = tuple(parsing.paragraph(at, line) for at, line in written[:MOST_LINES])
    return tuple(dict.fromkeys(parsing.problems)) or Wording(paragraphs)


def wording_text(form: Form) -> str:
    """The form's own sentences as a file to edit: an explanation in comments, then the text as declared."""
    cell = next(key for table in form.tables for key, _, _ in table.cells())
    return _EXPLANATION.replace("CELL", str(cell)) + "\n" + form.sentences.strip("\n") + "\n"


def wording_of(form: Form) -> Wording:
    """The form's own wording, its lines those of `wording_text`; without paragraphs where the form declares none."""
    if not form.sentences.strip():
        return Wording()
    found = parse_wording(wording_text(form), form.id, (key for table in form.tables for key, _, _ in table.cells()))
    if isinstance(found, Wording):
        return found
    raise ValueError(f"the sentences of {form.id} have mistakes: {found[0].message}")


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


class _Parsing:
    """One text being parsed: the cells there are, the mistakes so far."""

    def __init__(self, file: str, cells: Sequence[Key]) -> None:
        self._file, self._cells = file, cells
        self.problems: list[Problem] = []

    def wrong(self, line: int, message: str, hint: str) -> None:
        """Remember one mistake."""
        self.problems.append(Problem(Where(self._file, line=line), "definition", Severity.ERROR, message, hint))

    def paragraph(self, line: int, text: str) -> Paragraph:
        """The pieces of one line; without those that are wrong."""
        if len(text) > LONGEST_LINE:
            self.wrong(line, f"这一行有 {len(text)} 个字", f"请分成几行，每行不超过 {LONGEST_LINE} 个字。")
            return Paragraph(line, ())
        return Paragraph(line, tuple(_joined(self._pieces(line, text))))

    def _pieces(self, line: int, text: str) -> Iterator[Piece]:
        for match in _TOKEN.finditer(text):
            token = match[0]
            if token in ("{{", "}}"):
                yield token[0]
            elif match[1] is not None:
                piece = self._placeholder(line, match[1])
                if piece is not None:
                    yield piece
            elif token in ("{", "}"):
                self.wrong(line, f"「{token}」不成对", _BRACES)
            elif token in ("｛", "｝"):
                self.wrong(line, f"「{token}」是全角的花括号", "请改用半角的 { 和 }。")
            else:
                yield token

    def _placeholder(self, line: int, inside: str) -> Piece | None:
        """What stands between two braces; full-width signs are understood."""
        body, colon, decimals = (part.strip() for part in unicodedata.normalize("NFKC", inside).partition(":"))
        match = _VERB.fullmatch(body)
        verb, parts = (match[1], (match[2] or "").split("/")) if match else ("", body.split("/"))
        shown = body[:_SHOWN]
        if not body:
            self.wrong(line, "花括号里是空的", _FORMS)
        elif len(parts) > (1 if verb else 2):
            hint = "占比只能是 {名称 / 名称}，不能连除，也不能与 prior、change 同用。"
            self.wrong(line, f"「{shown}」里的「/」用错了", hint)
        elif colon and verb != "change" and len(parts) == 1:
            self.wrong(line, f"「{shown}」不是百分比，不能指定小数位数", f"请删去「:{decimals[:_SHOWN]}」。")
        elif colon and not _DECIMALS.fullmatch(decimals):
            hint = "请写 0 到 4 的一个数字，如 {名称 / 名称 : 2}。"
            self.wrong(line, f"小数位数「{decimals[:_SHOWN]}」写法不对", hint)
        elif body in WORDS:
            return Word(body)
        elif not verb and not set(body) & set(".+/*"):
            self.wrong(line, f"不认识「{shown}」", nearest(body, WORDS))
        else:
            places = int(decimals) if colon else _USUAL_DECIMALS
            return _piece(verb, [self._amount(line, part.strip()) for part in parts], places)
        return None

    def _amount(self, line: int, text: str) -> tuple[Key, ...]:
        """The cells of an amount; every summand that is wrong is told, else what is wrong with the sum."""
        found = [self._cells_of(line, name.strip()) for name in text.split("+")]
        return self._cells_of(line, text) if len(found) > 1 and all(found) else found[0]

    def _cells_of(self, line: int, text: str) -> tuple[Key, ...]:
        try:
            return parse_amount(text, self._cells)
        except AmountError as error:
            if not error.name:
                self.wrong(line, "少写了一个名称", _FORMS)
            elif error.name.startswith("prior."):
                self.wrong(line, str(error), "上年的数请写成 {prior 名称}，中间是空格。")
            else:
                self.wrong(line, str(error), nearest(error.name, map(str, self._cells)))
            return ()


def _piece(verb: str, amounts: Sequence[tuple[Key, ...]], decimals: int) -> Piece:
    if len(amounts) == 2:
        return Share(amounts[0], amounts[1], decimals)
    return Change(amounts[0], decimals) if verb == "change" else Figure(amounts[0], verb == "prior")


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same pieces, texts beside each other made one."""
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        if text:
            yield text
        text = ""
        yield piece
    if text:
        yield text
