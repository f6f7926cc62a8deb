"""The command `sentences`: the wording to edit, the ready sentences, every mistake of a wording, how it exits."""

import re
from pathlib import Path

import pytest

from tests.command.test_commands import Done, gouji
from tests.official import ALL_ZERO, filled, official
from toolkit.audit.submission import Agency
from toolkit.cli.given import Refusal
from toolkit.cli.wording import given_wording
from toolkit.workbook.template import Issue

REVIEW = "disputes.review"
FILES = {
    "a.xlsx": filled({f"{REVIEW}.upheld": 2}, ALL_ZERO, Issue(Agency("甲局", "111408250000000016"), 2025)),
    "b.xlsx": filled({f"{REVIEW}.pending": 1}, ALL_ZERO, Issue(Agency("乙局", "11410825MB00000050"), 2025)),
    "last/a.xlsx": filled({f"{REVIEW}.upheld": 4}, ALL_ZERO, Issue(Agency("甲局", "111408250000000016"), 2024)),
    "empty/a.xlsx": filled({}, (), Issue(Agency("甲局", "111408250000000016"), 2025)),
}
WORDING = (
    "# 说明\r\n{unit}，{year} 年，复议 {disputes.review.total} 件，"
    "维持占 {disputes.review.upheld / disputes.review.total}。\r\n比上年{change disputes.review.total}。\r\n"
    "应报 {expected} 家，报 {counted} 家。\r\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two agencies' workbooks, last year's of one, one that is empty, a roster, a wording."""
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    roster = "单位名称,统一社会信用代码\n甲局,111408250000000016\n乙局,11410825MB00000050\n丙局,11140823MB00000048\n"
    (tmp_path / "名册.csv").write_text(roster, encoding="utf-8")
    (tmp_path / "文字.txt").write_bytes(WORDING.encode("utf-8"))
    return tmp_path


def told(done: Done) -> tuple[int, str, str]:
    return done.code, done.out, done.err


def test_the_wording_that_is_printed_can_be_given_back_and_says_the_same(folder: Path) -> None:
    printed = gouji(folder, "sentences")
    assert (printed.code, printed.err) == (0, "")
    assert printed.out.startswith("# 汇总报告的文字稿：一行一段，空行不计，以 # 开头的行是说明，都不写进文字。")
    (folder / "改.txt").write_text(printed.out, encoding="gb18030", newline="\r\n")
    assert told(gouji(folder, "sentences", "--wording", "改.txt")) == (0, "√ 改.txt：没有错误。\n", "")
    own, given = gouji(folder, "sentences", "a.xlsx"), gouji(folder, "sentences", "a.xlsx", "--wording", "改.txt")
    assert (own.code, own.out, own.err) == (given.code, given.out, given.err)
    assert len(own.out.splitlines()) == 6
    left_out = re.findall(r"^第 (\d+) 行“(.+?)…”没有写：(.+)$", own.err, flags=re.MULTILINE)
    rows = printed.out.split("\n")
    assert [(rows[int(line) - 1][:6], why) for line, _, why in left_out] == [
        ("与上年相比，", "不知道上年的数。"),
        ("以上数据汇总", "没有名册，不知道应报几家。"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_sentences_stand_alone_on_stdout(encoding: str, folder: Path) -> None:
    (folder / "文字.txt").write_bytes(WORDING.encode(encoding))
    words = ("a.xlsx", "b.xlsx", "--wording", "文字.txt", "--roster", "名册.csv", "--prior", "last")
    assert told(gouji(folder, "sentences", *words, "--office", "县政府办")) == (
        0,
        "县政府办，2025 年，复议 3 件，维持占 66.7%。\n比上年下降 25.0%。\n应报 3 家，报 2 家。\n",
        "收到文件 2 份，收录 2 家，未收录 0 份；名册共 3 家，未报 1 家。\n",
    )


def test_a_summary_workbook_says_what_the_files_say(folder: Path) -> None:
    merged = ("merge", "a.xlsx", "b.xlsx", "-o", "汇总.xlsx", "--roster", "名册.csv", "--office", "县政府办")
    assert gouji(folder, *merged).code == 0
    assert told(gouji(folder, "sentences", "汇总.xlsx", "--wording", "文字.txt")) == (
        0,
        "县政府办，2025 年，复议 3 件，维持占 66.7%。\n应报 3 家，报 2 家。\n",
        "收到文件 2 份，收录 2 家，未收录 0 份；名册共 3 家，未报或下级未收录 1 家。\n"
        "第 3 行“比上年…。”没有写：不知道上年的数。\n",
    )


def test_files_with_errors_are_left_out_and_said_unless_they_are_wanted(folder: Path) -> None:
    (folder / "文字.txt").write_text("复议 {disputes.review.total} 件", encoding="utf-8")
    nothing = gouji(folder, "sentences", "empty", "--wording", "文字.txt")
    assert (nothing.code, nothing.out) == (1, "")
    assert nothing.err.endswith("收到文件 1 份，收录 0 家，未收录 1 份。\n")
    wanted = gouji(folder, "sentences", "empty", "--wording", "文字.txt", "--include-broken")
    assert (wanted.code, wanted.out) == (1, "复议 0 件\n")
    assert "收录 empty/a.xlsx：有 3 处错误，仍予收录；空白格和读不出的格按 0 计。" in wanted.err.splitlines()


@pytest.mark.parametrize("paths", [(), ("a.xlsx",)])
def test_every_mistake_of_a_wording_is_told_and_nothing_is_printed(paths: tuple[str, ...], folder: Path) -> None:
    text = "甲\n{yaer} {requests.grantd.total}\n{}\n"
    (folder / "坏.txt").write_text(text, encoding="utf-8")
    assert told(gouji(folder, "sentences", *paths, "--wording", "坏.txt")) == (
        2,
        "",
        "错误：文字稿模板 坏.txt 有 3 处错误：\n"
        "  [错误] 第 2 行：不认识「yaer」\n"
        "         → 是否想写 year？\n"
        "  [错误] 第 2 行：没有叫「requests.grantd.total」的单元格\n"
        "         → 是否想写 requests.granted.total？\n"
        "  [错误] 第 3 行：花括号里是空的\n"
        "         → 请写成 {名称}、{名称 + 名称}、{名称 / 名称}、{prior 名称} 或 {change 名称}。\n",
    )


NO_TEXT = (
    "“文字.txt”不是 UTF-8 或 GBK 编码的文本，或者超过了 1 MB。\n"
    "请用记事本等另存为 UTF-8 或 GBK（ANSI）编码的文本文件，再试一次。"
)


@pytest.mark.parametrize(
    "data",
    [
        WORDING.encode("utf-16-le"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00",
        FILES["a.xlsx"],
        b"a" * (2**20 + 1),
    ],
    ids=["utf-16 without a mark", "an old document", "a workbook", "too long"],
)
def test_what_is_no_text_is_refused_in_words(data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("文字.txt").write_bytes(data)
    with pytest.raises(Refusal) as refused:
        given_wording(Path("文字.txt"), official().book.form)
    assert (refused.value.message, refused.value.exit_code) == (NO_TEXT, 2)


def test_what_is_not_there_is_told(folder: Path) -> None:
    done = gouji(folder, "sentences", "a.xlsx", "--wording", "没有.txt")
    assert told(done) == (2, "", "错误：找不到文字稿模板“没有.txt”。\n请检查路径是否写对。\n")
    assert gouji(folder, "sentences", "没有.xlsx").code == 2


def test_a_form_without_sentences_gives_an_empty_wording_and_asks_for_one(folder: Path) -> None:
    text = (Path(__file__).parents[2] / "templates" / "ogi-annual-report-2021.toml").read_text(encoding="utf-8")
    text = re.sub(r'\nsentences = """.*?"""\n', "\n", text, flags=re.DOTALL)
    (folder / "form.toml").write_text(text, encoding="utf-8")
    printed = gouji(folder, "sentences", "--form", "form.toml")
    assert (printed.code, printed.err) == (0, "")
    assert [line for line in printed.out.splitlines() if line and not line.startswith("#")] == []
    done = gouji(folder, "sentences", "a.xlsx", "--form", "form.toml")
    assert told(done) == (
        2,
        "",
        "错误：报表“政府信息公开工作年度报告”没有自带文字稿的模板。\n请用 --wording 写明一个文件。\n",
    )
    given = gouji(folder, "sentences", "a.xlsx", "--form", "form.toml", "--wording", "文字.txt", "--office", "甲")
    assert (given.code, given.out) == (0, "甲，2025 年，复议 2 件，维持占 100.0%。\n")
