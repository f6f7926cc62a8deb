"""The command as its users call it: what it prints, what it writes, how it exits; nothing makes it fall over."""

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.intake import alter
from tests.official import ALL_ZERO, filled, official
from toolkit.audit.submission import Agency
from toolkit.workbook.known import know
from toolkit.workbook.template import Issue, template_bytes

TOP = Path(__file__).parents[2]
COMMANDS = [
    "accept", "check", "collect", "demo", "explain", "export", "forms", "import", "init", "issue", "lint", "merge",
    "originals", "read", "remind", "report", "return", "sentences", "status", "summarize", "template", "trace",
]  # fmt: skip
OF_A_COLLECTION = {"accept", "collect", "issue", "originals", "remind", "return", "status", "summarize"}
OF_A_SUMMARY = {"trace"}
BUSY = "samples/completed/06-桐川县行政审批服务管理局.xlsx"


class Done:
    """A finished command."""

    def __init__(self, process: subprocess.CompletedProcess[bytes]) -> None:
        self.code = process.returncode
        self.out = process.stdout.decode()
        self.err = process.stderr.decode()

    @property
    def document(self) -> dict[str, object]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def gouji(folder: Path, *words: str | Path) -> Done:
    """Run the command in a folder, without a terminal, under a C locale."""
    environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONUTF8": "1", "LANG": "C"}
    command = [sys.executable, "-m", "toolkit", *map(str, words)]
    done = Done(subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False))
    assert "Traceback" not in done.err + done.out
    return done


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the samples and the templates in it."""
    for name in ("samples", "templates"):
        shutil.copytree(TOP / name, tmp_path / name)
    return tmp_path


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the collections 2024年报 and 2025年报, both with something in them."""
    folder = tmp_path_factory.mktemp("收集")
    for year in (2024, 2025):
        begun = ("init", f"{year}年报", "--year", str(year), "--office", "县政府办", "--due", f"{year + 1}-01-31")
        assert gouji(folder, *begun, "--roster", TOP / "samples" / "roster.csv").code == 0
    assert gouji(folder, "collect", "2025年报", TOP / "samples" / "completed").code == 1
    last = Issue(Agency("温县科学技术局", "11410825MB00000050"), 2024)
    (folder / "2024年报" / "inbox" / "a.xlsx").write_bytes(filled({}, ALL_ZERO, last))
    assert gouji(folder, "collect", "2024年报").code == 0
    return folder


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def codes(document: dict[str, object]) -> dict[str, list[str]]:
    files = document["files"]
    assert isinstance(files, list)
    return {Path(file["file"]).name: [problem["code"] for problem in file["problems"]] for file in files}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_chinese_with_an_example_that_runs(
    command: str, checkout: Path, collections: Path
) -> None:
    if command in OF_A_COLLECTION:
        shutil.copytree(collections, checkout, dirs_exist_ok=True)
    if command in OF_A_SUMMARY:
        assert gouji(checkout, "merge", "samples/completed", "-o", "汇总.xlsx").code == 1
    told = gouji(checkout, command, "--help")
    assert told.code == 0
    example = re.search(r"示例：(gouji .+)", told.out)
    assert example
    words = re.findall(r"[A-Za-z]{3,}", told.out.replace(example[1], ""))
    allowed = {"gouji", "xlsx", "csv", "zip", "toml", "json", "help", "Excel", "JSON", "ID", "SHA", *COMMANDS}
    allowed |= {"jsonl", "parquet", "sqlite", "PNG", "SVG", "docx", "html", "Word", "PDF", "dask", "tcp"}
    allowed |= {"inbox", "received", "summary"}  # folders of a collection
    options = set(re.findall(r"--([a-z-]+)", told.out))
    assert [word for word in words if word not in allowed and not any(word in option for option in options)] == []
    assert gouji(checkout, *shlex.split(example[1])[1:]).code in (0, 1)


def test_the_commands_are_those_of_the_help(checkout: Path) -> None:
    told = gouji(checkout, "--help")
    assert re.findall(r"^  ([a-z]+)  ", told.out, flags=re.MULTILINE) == COMMANDS


def test_lint_finds_the_built_in_definition_sound_and_tells_every_mistake_of_another(checkout: Path) -> None:
    path = checkout / "templates" / "ogi-annual-report-2021.toml"
    assert gouji(checkout, "lint", "templates/ogi-annual-report-2021.toml").out == (
        "√ templates/ogi-annual-report-2021.toml：没有错误。\n"
    )
    text = path.read_text(encoding="utf-8")
    text = text.replace("new_received + carried_in =", "new_recieved + carried_in =").replace(
        "decimals = 6", "decimal = 6"
    )
    (checkout / "bad.toml").write_text(text, encoding="utf-8")
    done = gouji(checkout, "lint", "bad.toml")
    assert done.code == 2
    assert "第 93 行：" in done.out
    assert "是否想写 decimals？" in done.out
    assert "第 209 行：" in done.out
    assert "\n          new_recieved + carried_in = total_handled + carried_forward\n          ^\n" in done.out
    assert done.out.endswith("共 2 处错误。\n")
    used = gouji(checkout, "template", "--form", "bad.toml", "-o", "x.xlsx")
    assert (used.code, used.out) == (2, "")
    assert "有 2 处错误" in used.err
    assert not (checkout / "x.xlsx").exists()


def test_read_prints_one_document_with_all_200_values(checkout: Path) -> None:
    done = gouji(checkout, "read", BUSY, "--json")
    assert done.code == 0
    document = done.document
    assert list(document) == [
        "file", "sha256", "form", "year", "agency", "values", "declared_zero", "narrative", "explanations", "remarks",
        "people", "notes", "saved", "problems",
    ]  # fmt: skip
    values = document["values"]
    assert isinstance(values, dict)
    assert list(values) == [str(key) for key in official().book.cells]
    assert values["proactive.admin_fees.amount_wan_yuan"] == "326.4517"
    assert values["requests.new_received.natural_person"] == 402
    assert values["requests.new_received.total"] == 497
    assert values["requests.total_handled.total"] == 489
    assert {type(value) for name, value in values.items() if name != "proactive.admin_fees.amount_wan_yuan"} == {int}
    assert document["year"] == 2025
    assert document["agency"] == {"name": "桐川县行政审批服务管理局（样例）", "code": "11149900MB0000006Q"}
    assert document["declared_zero"] == ["proactive", "requests", "disputes"]
    assert document["problems"] == []


def test_a_blank_is_null_and_what_rests_on_it_too(checkout: Path) -> None:
    done = gouji(checkout, "read", "samples/completed/02-稷山县工科局.xlsx", "--json")
    assert done.code == 1
    values = done.document["values"]
    assert isinstance(values, dict)
    assert {value for name, value in values.items() if name.startswith("requests.")} == {None}
    fee = "proactive.admin_fees.amount_wan_yuan"
    assert {value for name, value in values.items() if not name.startswith("requests.") and name != fee} == {0}
    assert values[fee] == "0"


def test_check_prints_the_contracts_document(checkout: Path) -> None:
    done = gouji(checkout, "check", "samples/completed", "--json")
    assert done.code == 1
    assert list(done.document) == ["form", "files", "totals"]
    assert done.document["form"] == "ogi-annual-report-2021"
    assert done.document["totals"] == {"files": 7, "clean": 4, "warnings": 1, "errors": 2, "unreadable": 0}
    files = done.document["files"]
    assert isinstance(files, list)
    assert {tuple(file) for file in files} == {("file", "sha256", "status", "year", "agency", "problems")}
    assert [file["status"] for file in files] == ["clean", "errors", "clean", "warnings", "clean", "clean", "errors"]
    assert files[6]["problems"][1] == {
        "code": "requests.balance",
        "severity": "error",
        "sheet": "表三依申请公开",
        "cell": "D8",
        "keys": [
            "requests.new_received.natural_person",
            "requests.carried_in.natural_person",
            "requests.total_handled.natural_person",
            "requests.carried_forward.natural_person",
        ],
        "message": "表三依申请公开 D8（一、本年新收·自然人）：一、本年新收 49 + 二、上年结转 3 = 52，"
        "应等于（七）总计 43 + 四、结转下年度 7 = 50，差 +2。",
        "hint": "请核对该列的新收、结转和各项办理结果；每件申请只计入一种办理结果。",
        "expected": 52,
        "found": 50,
    }


def test_merge_prints_the_contracts_document_and_writes_the_workbook(checkout: Path) -> None:
    done = gouji(checkout, "merge", "samples/completed", "-o", "汇总.xlsx", "--json", "--roster", "samples/roster.csv")
    assert done.code == 1
    document = done.document
    assert list(document) == [
        "form", "year", "files", "included", "left_out", "missing", "values", "output", "parts", "earlier",
    ]  # fmt: skip
    assert (document["year"], document["included"], document["output"]) == (2025, 5, "汇总.xlsx")
    left_out = document["left_out"]
    assert isinstance(left_out, list)
    assert [(Path(each["file"]).name, each["why"][:8]) for each in left_out] == [
        ("02-稷山县工科局.xlsx", "有 1 处错误："),
        ("07-桐川县自然资源局.xlsx", "有 3 处错误："),
    ]
    assert document["missing"] == [{"name": "桐川县柳林镇人民政府（样例）", "code": "11149900MB0000008Y"}]
    values = document["values"]
    assert isinstance(values, dict)
    assert len(values) == 200
    assert values["requests.total_handled.total"] == 489
    assert values["proactive.normative_documents.issued"] == 9
    assert values["proactive.admin_fees.amount_wan_yuan"] == "326.4517"
    assert zipfile.is_zipfile(checkout / "汇总.xlsx")


def test_every_bad_input_of_one_run_gets_its_own_sentence_and_the_good_one_is_still_checked(tmp_path: Path) -> None:
    good = filled({}, ALL_ZERO)
    known = official()
    last_version = replace(known.book.form, version=0)
    other_form = replace(known.book.form, code="OTHER1")
    (tmp_path / "空文件夹").mkdir()
    word = alter.packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    files = {
        "好.xlsx": good,
        "空.xlsx": b"",
        "文档.xlsx": word,
        "断.xlsx": good[: len(good) // 2],
        "加密.xlsx": ole + "EncryptedPackage".encode("utf-16-le"),
        "旧.xls": ole,
        "别的表.xlsx": template_bytes(know(other_form), Issue(Agency("甲", "1"), 2025)),
        "往年版.xlsx": template_bytes(know(last_version), Issue(Agency("甲", "1"), 2025)),
        "文本.xlsx": "单位,数".encode(),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    done = gouji(tmp_path, "check", "没有.xlsx", "空文件夹", *files, "--json")
    assert done.code == 2
    assert codes(done.document) == {
        "没有.xlsx": ["missing"],
        "空文件夹": ["nothing-found"],
        "好.xlsx": [],
        "空.xlsx": ["not-a-workbook"],
        "文档.xlsx": ["not-a-workbook"],
        "断.xlsx": ["damaged"],
        "加密.xlsx": ["encrypted"],
        "旧.xls": ["damaged"],
        "别的表.xlsx": ["wrong-form"],
        "往年版.xlsx": ["wrong-version"],
        "文本.xlsx": ["not-a-workbook"],
    }
    messages = [problem["message"] for file in done.document["files"] for problem in file["problems"]]  # type: ignore[attr-defined]
    assert len(set(messages)) == 10
    assert all(re.search(r"[\u4e00-\u9fff]", message) for message in messages)
    assert gouji(tmp_path, "check", *files).code == 1
    assert gouji(tmp_path, "check", "好.xlsx").code == 0


def test_a_merge_does_what_it_can_and_writes_nothing_where_it_can_do_nothing(tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK")
    (tmp_path / "好.xlsx").write_bytes(filled({}, ALL_ZERO))
    nothing = gouji(tmp_path, "merge", "坏.xlsx", "-o", "一.xlsx")
    assert (nothing.code, (tmp_path / "一.xlsx").exists()) == (1, False)
    assert nothing.out.endswith("没有可以汇总的工作簿，没有生成汇总。\n")
    some = gouji(tmp_path, "merge", "坏.xlsx", "好.xlsx", "-o", "二.xlsx")
    assert (some.code, (tmp_path / "二.xlsx").exists()) == (1, True)
    assert gouji(tmp_path, "merge", "好.xlsx", "-o", "三.xlsx").code == 0


def test_nothing_that_exists_is_overwritten_without_force(tmp_path: Path) -> None:
    (tmp_path / "好.xlsx").write_bytes(filled({}, ALL_ZERO))
    (tmp_path / "旧.xlsx").write_bytes(b"old")
    for words in (("merge", "好.xlsx", "-o", "旧.xlsx"), ("template", "-o", "旧.xlsx")):
        refused = gouji(tmp_path, *words)
        assert (refused.code, refused.out) == (2, "")
        assert refused.err == "错误：“旧.xlsx”已经存在，没有覆盖。\n请换一个文件名；确要覆盖的，请加 --force。\n"
        assert (tmp_path / "旧.xlsx").read_bytes() == b"old"
    assert gouji(tmp_path, "merge", "好.xlsx", "-o", "旧.xlsx", "--force").code == 0
    assert zipfile.is_zipfile(tmp_path / "旧.xlsx")
    assert visible(tmp_path) == ["好.xlsx", "旧.xlsx"]
    demo = gouji(tmp_path, "demo", ".")
    assert (demo.code, demo.err.splitlines()[0]) == (2, "错误：“.”已经存在，没有覆盖。")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "文件").write_bytes(b"")
    done = gouji(tmp_path, "template", "-o", "文件/表.xlsx")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[0] == "错误：“文件/表.xlsx”写不进去：上级不是文件夹。"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("名称,代码\n甲,1\n", ["第 1 行：名册缺少“单位名称”或“统一社会信用代码”一列。"]),
        (
            "单位名称,统一社会信用代码\n甲,A1\n,A2\n乙,A1\n甲,A3\n",
            ["第 3 行：没有单位名称。", "第 4 行：“A1”与第 2 行重复。", "第 5 行：“甲”与第 2 行重复。"],
        ),
        ("", ["第 1 行：名册缺少“单位名称”或“统一社会信用代码”一列。"]),
    ],
)
def test_every_mistake_of_a_roster_is_told_by_its_line(text: str, told: list[str], tmp_path: Path) -> None:
    (tmp_path / "好.xlsx").write_bytes(filled({}, ALL_ZERO))
    (tmp_path / "名册.csv").write_bytes(text.encode("gb18030"))
    done = gouji(tmp_path, "check", "好.xlsx", "--roster", "名册.csv")
    assert (done.code, done.out) == (2, "")
    assert re.findall(r"\[错误\] (.+)", done.err) == told


@pytest.mark.parametrize("option", ["--roster", "--prior"])
def test_a_roster_or_last_year_that_is_not_there_is_said(option: str, tmp_path: Path) -> None:
    (tmp_path / "好.xlsx").write_bytes(filled({}, ALL_ZERO))
    done = gouji(tmp_path, "check", "好.xlsx", option, "没有")
    assert (done.code, done.out) == (2, "")
    assert "“没有”" in done.err


def test_a_path_no_system_can_hold_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "好.xlsx").write_bytes(filled({}, ALL_ZERO))
    endless = "长" * 300
    calls: list[tuple[str, ...]] = [
        ("read", endless),
        ("lint", endless),
        ("template", "-o", endless),
        ("template", "--form", endless, "-o", "x.xlsx"),
        ("check", "好.xlsx", "--roster", endless),
        ("check", "好.xlsx", "--prior", endless),
    ]
    for words in calls:
        done = gouji(tmp_path, *words)
        assert (done.code, done.out) == (2, ""), words
        assert done.err == f"错误：“{endless}”不能用：文件名太长。\n请改正路径。\n", words
    done = gouji(tmp_path, "check", endless, "好.xlsx", "--json")
    assert (done.code, codes(done.document)) == (2, {endless: ["missing"], "好.xlsx": []})


def test_names_and_titles_as_long_as_they_may_be_are_written(tmp_path: Path) -> None:
    (tmp_path / "好.xlsx").write_bytes(filled({}, ALL_ZERO))
    name = "长" * 83 + ".xlsx"
    assert len(name.encode()) == 254
    done = gouji(tmp_path, "merge", "好.xlsx", "-o", name, "--title", "题&" * 150)
    assert (done.code, done.err) == (0, "")
    assert visible(tmp_path) == ["好.xlsx", name]


def test_a_roster_with_an_open_quote_is_told_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "好.xlsx").write_bytes(filled({}, ALL_ZERO))
    (tmp_path / "名册.csv").write_text(f'单位名称,统一社会信用代码\n"{"甲" * 140_000},1\n', encoding="utf-8")
    done = gouji(tmp_path, "check", "好.xlsx", "--roster", "名册.csv")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "错误：名册 名册.csv 有 1 处错误：\n"
        "  [错误] 第 2 行起读不下去。\n"
        "         → 请检查引号是否成对，或另存为 .xlsx。\n"
    )


def test_a_code_in_a_roster_is_understood_as_on_a_cover(tmp_path: Path) -> None:
    (tmp_path / "好.xlsx").write_bytes(filled({}, ALL_ZERO, Issue(Agency("甲", "11140825MB0000001A"), 2025)))
    text = "单位名称,统一社会信用代码\n甲局,１１１４０８２５ mb0000001a\n"
    (tmp_path / "名册.csv").write_text(text, encoding="utf-8")
    assert gouji(tmp_path, "check", "好.xlsx", "--roster", "名册.csv").code == 0


def test_a_file_that_cannot_be_read_gives_a_document_of_the_same_keys(tmp_path: Path) -> None:
    (tmp_path / "空.xlsx").write_bytes(b"")
    done = gouji(tmp_path, "read", "空.xlsx", "--json")
    assert (done.code, done.err) == (1, "")
    assert done.document == {
        "file": "空.xlsx",
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "status": "unreadable",
        "year": None,
        "agency": {"name": "", "code": ""},
        "form": None,
        "values": {},
        "declared_zero": [],
        "narrative": {},
        "explanations": {},
        "problems": [
            {
                "code": "not-a-workbook", "severity": "error", "sheet": None, "cell": None, "keys": [],
                "message": "文件是空的（0 字节）。", "hint": "请单位重新发送原文件。", "expected": None, "found": None,
            }
        ],
    }  # fmt: skip


def test_a_locked_a_broken_and_an_empty_archive_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "锁.zip", "w") as archive:
        archive.writestr("jia.xlsx", filled({}, ALL_ZERO))
        archive.writestr("yi.xlsx", filled({}, ALL_ZERO, Issue(Agency("乙", "2"), 2025)))
    data = bytearray((tmp_path / "锁.zip").read_bytes())
    data[data.rindex(b"jia.xlsx") - 46 + 8] |= 1
    (tmp_path / "锁.zip").write_bytes(data)
    (tmp_path / "断.zip").write_bytes(data[:500])
    with zipfile.ZipFile(tmp_path / "空.zip", "w") as archive:
        archive.writestr("__MACOSX/._a.xlsx", b"x")
        archive.writestr("局/~$a.xlsx", b"x")
    done = gouji(tmp_path, "check", "锁.zip", "断.zip", "空.zip", "--json")
    assert (done.code, codes(done.document)) == (
        1,
        {"jia.xlsx": ["encrypted"], "yi.xlsx": [], "断.zip": ["damaged"], "空.zip": ["nothing-found"]},
    )


def test_an_archive_made_on_an_old_chinese_windows_is_named_right(tmp_path: Path) -> None:
    # no mark for UTF-8, folders set off by backslashes, and a character whose second byte is one
    names = {"abcde.xlsx": b"\xbe\xd6\\\x8b\x5c.xlsx", "abcdef.xlsx": "局\\~$a".encode("gbk") + b".xlsx"}
    data = filled({}, ALL_ZERO)
    with zipfile.ZipFile(tmp_path / "老.zip", "w") as archive:
        for name in names:
            archive.writestr(name, data)
    raw = (tmp_path / "老.zip").read_bytes()
    for name, meant in names.items():
        raw = raw.replace(name.encode(), meant)
    (tmp_path / "老.zip").write_bytes(raw)
    done = gouji(tmp_path, "check", "老.zip")
    assert (done.code, done.out.splitlines()[0]) == (0, "√ 相符  温县科学技术局 老.zip/局/媆.xlsx")


def test_the_samples_are_told_whole(checkout: Path) -> None:
    forms = gouji(checkout, "forms")
    assert (forms.code, forms.err, forms.out) == (
        0, "",
        "ogi-annual-report-2021  政府信息公开工作年度报告（国办公开办函〔2021〕30号），3 张表 200 格，7 条勾稽关系\n",
    )  # fmt: skip
    merged = gouji(checkout, "merge", "samples/completed", "-o", "汇总.xlsx", "--roster", "samples/roster.csv")
    assert (merged.code, merged.err, merged.out.splitlines()) == (
        1, "",
        [
            "未收录 samples/completed/02-稷山县工科局.xlsx：有 1 处错误："
            "表三依申请公开：有 144 个空白格（D8、E8、F8、G8、H8、I8 等），是 0 还是漏填不明。",
            "未收录 samples/completed/07-桐川县自然资源局.xlsx：有 3 处错误："
            "表二主动公开 B12（行政处罚·本年处理决定数量）：「-4」是负数。",
            "收到文件 7 份，收录 5 家，未收录 2 份；名册共 8 家，未报 1 家。",
            "已生成 汇总.xlsx。",
        ],
    )  # fmt: skip
    template = gouji(checkout, "template", "--year", "2025", "-o", "空白表.xlsx")
    assert (template.code, template.err, template.out) == (0, "", "已生成 空白表.xlsx。\n")


def test_an_archive_that_would_unpack_without_end_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "大.zip", "w") as archive:
        for at in range(150):
            archive.writestr(f"{at:03d}.xlsx", b"x")
    data = bytearray((tmp_path / "大.zip").read_bytes())
    for at in range(150):
        size = data.rindex(f"{at:03d}.xlsx".encode()) - 46 + 24
        data[size : size + 4] = (8 * 2**20).to_bytes(4, "little")
    (tmp_path / "大.zip").write_bytes(data)
    done = gouji(tmp_path, "check", "大.zip", "--json")
    assert (done.code, codes(done.document)) == (1, {"大.zip": ["oversized"]})


def test_last_years_reports_are_set_beside_this_years(tmp_path: Path) -> None:
    agency = Agency("甲局", "111408250000000016")
    before = filled({"requests.carried_forward.natural_person": 2, "requests.new_received.natural_person": 2}, ALL_ZERO,
                    Issue(agency, 2024))  # fmt: skip
    now = filled({"requests.carried_in.natural_person": 3, "requests.granted.natural_person": 3}, ALL_ZERO,
                 Issue(agency, 2025))  # fmt: skip
    (tmp_path / "去年").mkdir()
    (tmp_path / "去年" / "甲.xlsx").write_bytes(before)
    (tmp_path / "今年.xlsx").write_bytes(now)
    assert gouji(tmp_path, "check", "今年.xlsx").code == 0
    done = gouji(tmp_path, "check", "今年.xlsx", "--prior", "去年", "--json")
    assert done.code == 1
    ((problem,),) = [file["problems"] for file in done.document["files"]]  # type: ignore[attr-defined]
    assert (problem["code"], problem["cell"], problem["expected"], problem["found"]) == (
        "requests.carry_over",
        "D9",
        2,
        3,
    )


def test_folders_and_archives_are_searched_and_named_right(tmp_path: Path) -> None:
    books = [filled({}, ALL_ZERO, Issue(Agency(name, str(at)), 2025)) for at, name in enumerate("甲乙丙丁")]
    folder = tmp_path / "收回" / "乡镇"
    folder.mkdir(parents=True)
    (folder / "甲.xlsx").write_bytes(books[0])
    for name in ("~$甲.xlsx", "._甲.xlsx", ".隐藏.xlsx", "Thumbs.db"):
        (folder / name).write_bytes(b"x")
    archive = zipfile.ZipFile(tmp_path / "收回" / "包.zip", "w")
    with archive:
        archive.writestr("局/乙.xlsx", books[1])
        archive.writestr("__MACOSX/._乙.xlsx", b"x")
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as nested:
            nested.writestr("丁.xlsx", books[3])
        archive.writestr("套.zip", inner.getvalue())
    old = zipfile.ZipInfo("placeholder.xlsx")
    with zipfile.ZipFile(tmp_path / "收回" / "老.zip", "w") as gbk:
        gbk.writestr(old, books[2])
    raw = (tmp_path / "收回" / "老.zip").read_bytes()
    named = "丙局年报表".encode("gbk") + b"1.xlsx"
    assert len(named) == len(b"placeholder.xlsx")
    (tmp_path / "收回" / "老.zip").write_bytes(raw.replace(b"placeholder.xlsx", named))
    done = gouji(tmp_path, "check", "收回", "--json")
    files = done.document["files"]
    assert isinstance(files, list)
    assert [(file["file"], file["agency"]["name"], [each["code"] for each in file["problems"]]) for file in files] == [
        ("收回/包.zip/局/乙.xlsx", "乙", []),
        ("收回/包.zip/套.zip", "", ["not-a-workbook"]),
        ("收回/老.zip/丙局年报表1.xlsx", "丙", []),
        ("收回/乡镇/甲.xlsx", "甲", []),
    ]


def test_what_a_file_says_never_reaches_the_terminal_raw(tmp_path: Path) -> None:
    data = filled({}, ALL_ZERO, Issue(None, 2025))
    data = alter.put_text(data, "agency.name", "甲\u202e局\u009b31m")
    (tmp_path / "坏.xlsx").write_bytes(alter.put_text(data, "proactive.admin_penalty.decisions", "\u202e\u00851"))
    done = gouji(tmp_path, "check", "坏.xlsx")
    assert not re.search("[\u0080-\u009f\u202e\x1b]", done.out)
    assert "甲 局 31m" in done.out


def test_a_password_longer_than_15_characters_and_a_bad_code_are_refused(tmp_path: Path) -> None:
    long = gouji(tmp_path, "template", "-o", "x.xlsx", "--password", "a" * 16)
    assert (long.code, long.err) == (2, "错误：口令有 16 个字符，至多 15 个。\n请改短一些。\n")
    code = gouji(tmp_path, "template", "-o", "x.xlsx", "--code", "局-1")
    assert (code.code, code.err.splitlines()[0]) == (2, "错误：代码“局-1”不能用。")
    assert visible(tmp_path) == []


def test_the_demo_does_the_whole_job(tmp_path: Path) -> None:
    done = gouji(tmp_path, "demo")
    assert done.code == 0
    assert done.out.splitlines()[-3:] == [
        "四、汇总：收到文件 7 份，收录 5 家，未收录 2 份；名册共 8 家，未报 1 家。",
        "请打开 gouji-demo/3-汇总/汇总.xlsx 看汇总表、明细、问题和收录情况；",
        "再打开 gouji-demo/2-收回/07-桐川县自然资源局.xlsx，看“核对”页怎样指出同样的错误。",
    ]
    assert done.out.count("[错误]") == 4
    made = {path.name for path in (tmp_path / "gouji-demo").iterdir()}
    assert made == {"1-下发", "2-收回", "3-汇总"}
    first = {path: path.read_bytes() for path in (tmp_path / "gouji-demo").rglob("*.xlsx")}
    assert len(first) == 16
    assert gouji(tmp_path, "demo", "--force").code == 0
    assert {path: path.read_bytes() for path in first} == first


def test_odd_things_in_a_folder_neither_stop_nor_hang_a_run(tmp_path: Path) -> None:
    folder = tmp_path / "收回"
    folder.mkdir()
    (folder / "甲.xlsx").write_bytes(filled({}, ALL_ZERO))
    (folder / "断链.xlsx").symlink_to("没有的文件")
    (folder / "绕圈").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "管道.xlsx")
    os.rename(folder / "甲.xlsx", os.path.join(os.fsencode(folder), "甲局".encode("gbk") + b".xlsx"))  # noqa: PTH104, PTH118
    done = gouji(tmp_path, "check", "收回", "--json")
    assert codes(done.document) == {"甲局.xlsx": [], "断链.xlsx": ["damaged"], "管道.xlsx": ["not-a-workbook"]}


def test_a_merge_does_not_take_its_own_summary_for_a_file_handed_in(tmp_path: Path) -> None:
    (tmp_path / "甲.xlsx").write_bytes(filled({}, ALL_ZERO))
    assert gouji(tmp_path, "merge", ".", "-o", "汇总.xlsx").code == 0
    again = gouji(tmp_path, "merge", ".", "-o", "汇总.xlsx", "--force")
    assert (again.code, again.out.splitlines()[0]) == (0, "收到文件 1 份，收录 1 家，未收录 0 份。")


def test_a_console_without_the_characters_gets_a_question_mark_and_json_stays_utf8(tmp_path: Path) -> None:
    data = alter.put_text(filled({}, ALL_ZERO, Issue(None, 2025)), "agency.name", "办😀局")
    (tmp_path / "甲.xlsx").write_bytes(data)
    environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "toolkit", "check", "甲.xlsx"]
    shown = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert shown.stdout.decode("gbk").splitlines()[0] == "√ 相符  办?局 甲.xlsx"
    document = subprocess.run([*command, "--json"], cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert json.loads(document.stdout.decode())["files"][0]["agency"]["name"] == "办😀局"
