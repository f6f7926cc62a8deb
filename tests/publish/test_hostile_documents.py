"""A report made to do harm is read or refused: nothing is run, fetched or left behind, and little is spent on it."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.hostile.raw_zip import STORED, Member, build, of, zeros_deflated
from tests.publish.making import (
    W,
    boxed,
    page_table,
    paragraph,
    pdf,
    pdf_pages,
    shown,
    stream,
    word_file,
    word_parts,
    written,
)
from toolkit.publish.opening import read_document
from toolkit.workbook.package import Refused

ROOT = Path(__file__).parents[2]
MEMORY = 1_300 * 2**20  # of a process that reads, all that it has mapped
SECONDS = 90
MB = 2**20
OVER, BROKEN, LOCKED, NONE = "oversized", "damaged", "encrypted", "not-a-report"


@dataclass(frozen=True, slots=True)
class Case:
    """A hostile file, and what comes of it: the code of the refusal, or how many lines are read."""

    name: str
    outcome: str | int
    make: Callable[[], bytes]
    is_long: bool = False


def outcome(data: bytes) -> str | int:
    """The code of the refusal, or the number of lines."""
    try:
        return len(read_document(data, "甲").lines)
    except Refused as refused:
        return refused.code


def word_with(name: str, member: Member) -> bytes:
    """A Word file with one part replaced, or one more."""
    parts = [each for each in of(word_parts(paragraph("甲"))) if each.name.decode() != name]
    return build([*parts, member])


@cache
def gigabyte() -> bytes:
    """A gigabyte of zeros, packed."""
    return zeros_deflated(1024)


def body(xml: str, before: str = "") -> bytes:
    """A Word file whose main part is this body, something standing before its root."""
    text = f"<?xml version='1.0'?>{before}<w:document xmlns:w='{W}'><w:body>{xml}</w:body></w:document>"
    return word_with("word/document.xml", Member(b"word/document.xml", text.encode(), STORED))


def many_members(count: int) -> bytes:
    return build([*of(word_parts(paragraph("甲"))), *(Member(b"x%d" % at, b"") for at in range(count))])


def laughs(kind: str) -> str:
    """Entities made of entities, a thousand million in all."""
    made = "".join(f'<!ENTITY {kind} e{at} "{f"&e{at - 1};" * 10 if at else "ha"}">' for at in range(10))
    return f"<!DOCTYPE w:document [{made}]>"


def table_of(cells: str) -> str:
    return f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"


def nested_tables(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + paragraph("甲") + "</w:tc></w:tr></w:tbl>" * depth


WORD = [
    Case("64 MB of zeros for text", OVER, lambda: word_with(
        "word/document.xml", Member(b"word/document.xml", bytes(64 * MB)))),
    Case("a gigabyte of zeros for text", OVER, lambda: word_with(
        "word/document.xml", Member(b"word/document.xml", b"", packed=gigabyte(), central_size=2**30)), is_long=True),
    Case("a gigabyte of zeros said to be small", BROKEN, lambda: word_with(
        "word/document.xml", Member(b"word/document.xml", b"", packed=gigabyte(), central_size=1000)), is_long=True),
    Case("a gigabyte of zeros for a picture", 1, lambda: word_with(
        "", Member(b"word/media/a.bmp", b"", packed=gigabyte(), central_size=2**30)), is_long=True),
    Case("five thousand members", OVER, lambda: many_members(5_000)),
    Case("a zip for text", BROKEN, lambda: word_with(
        "word/document.xml", Member(b"word/document.xml", word_file(paragraph("甲"))))),
    Case("two archives in one", BROKEN, lambda: word_file(paragraph("甲")) * 2),
    Case("entities of entities", BROKEN, lambda: body(paragraph("&e9;"), laughs(""))),
    Case("entities of entities in an attribute", BROKEN, lambda: body("<w:p w:a='&e9;'/>", laughs(""))),
    Case("parameter entities of such", BROKEN, lambda: body(paragraph("甲"), laughs("%"))),
    Case("a document type", BROKEN, lambda: body(paragraph("甲"), "<!DOCTYPE w:document>")),
    Case("a document type in UTF-16", BROKEN, lambda: word_with("word/document.xml", Member(b"word/document.xml",
        f"<?xml version='1.0' encoding='utf-16'?><!DOCTYPE w><w:document xmlns:w='{W}'/>".encode("utf-16")))),
    Case("an encoding of a codec's name", BROKEN, lambda: word_with("word/document.xml", Member(b"word/document.xml",
        b"<?xml version='1.0' encoding='zip'?><w:document/>"))),
    Case("a hundred thousand elements deep", BROKEN, lambda: body("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000)),
    Case("two hundred elements deep", 1, lambda: body("<w:sdt>" * 200 + paragraph("甲") + "</w:sdt>" * 200)),
    Case("tables thirty deep", OVER, lambda: body(nested_tables(30))),
    Case("two million elements", OVER, lambda: body("<w:p/>" * 2_000_000), is_long=True),
    Case("a million elements", OVER, lambda: body("<a/>" * 1_000_000 + paragraph("甲") * 350_000), is_long=True),
    Case("a million attributes", OVER, lambda: body(
        "<w:p " + " ".join(f"a{at}='x'" for at in range(1_600_000)) + "/>"), is_long=True),
    Case("a million lines in one paragraph", OVER, lambda: body(f"<w:p><w:r>{'<w:br/>' * 400_000}</w:r></w:p>")),
    Case("a cell as wide as a thousand million", OVER, lambda: body(table_of(
        f"<w:tc><w:tcPr><w:gridSpan w:val='1000000000'/></w:tcPr>{paragraph('甲')}</w:tc><w:tc/>"))),
    Case("three thousand rows", OVER, lambda: body("<w:tbl>" + "<w:tr><w:tc/></w:tr>" * 3_000 + "</w:tbl>")),
    Case("no body", BROKEN, lambda: word_with("word/document.xml", Member(b"word/document.xml", b"<a/>"))),
    Case("no text part", BROKEN, lambda: build(of({
        name: content for name, content in word_parts("").items() if name != "word/document.xml"} | {"word/a": b""}))),
    Case("33 MB", OVER, lambda: build([*of(word_parts("")), Member(b"word/media/a", bytes(33 * MB), method=0)])),
]  # fmt: skip


def page(text: str) -> bytes:
    return f"<html><meta charset=utf-8>{text}".encode()


PAGES = [
    Case("a hundred thousand nested blocks", 1, lambda: page("<div>" * 100_000 + "甲")),
    Case("a hundred thousand nested words", 1, lambda: page("<font>" * 100_000 + "甲")),
    Case("a hundred thousand nested tables", OVER, lambda: page("<table><tr><td>" * 100_000 + "甲")),
    Case("tables thirty deep", OVER, lambda: page("<table><tr><td>" * 30 + "甲")),
    Case("tables fifteen deep", 1, lambda: page("<table><tr><td>" * 15 + "甲")),
    Case("a cell as wide as a thousand million", 1, lambda: page("<table><td colspan=1000000000>甲<tr><td>")),
    Case("a cell as high as a thousand million", 2, lambda: page("<table><td rowspan=1000000000>甲<td>乙<tr><td>丙")),
    Case("cells that are all wide and high", OVER, lambda: page(
        f"<table>{('<tr>' + '<td rowspan=2000 colspan=1000>甲' * 50) * 1_900}")),
    Case("cells that lie over each other", 1_900, lambda: page(f"<table>{'<tr><td>甲<td rowspan=1900>乙' * 1}"
        f"{'<tr><td>丙' * 1_899}")),
    Case("a span that is no number", 1, lambda: page("<table><td colspan=-3>甲<td rowspan=x>乙<td colspan='²'>丙")),
    Case("three thousand rows", OVER, lambda: page("<table>" + "<tr><td>甲<td>乙" * 3_000)),
    Case("two hundred columns", OVER, lambda: page("<table><tr>" + "<td>甲" * 200)),
    Case("a million paragraphs", OVER, lambda: page("<p>甲" * 1_000_000), is_long=True),
    Case("a million empty cells", OVER, lambda: page("<table><tr>" + "<td>" * 1_000_000), is_long=True),
    Case("a million line breaks", OVER, lambda: page("甲<br>" * 1_000_000), is_long=True),
    Case("a million attributes", 1, lambda: page(
        "<p " + " ".join(f"a{at}" for at in range(900_000)) + ">甲"), is_long=True),
    Case("a million entities", 1, lambda: page("&amp;&nosuch;" * 500_000), is_long=True),
    Case("a comment without an end", NONE, lambda: page("<!--" + "甲" * 1_000_000)),
    Case("one long word", 1, lambda: page("甲" * 4_000_000), is_long=True),
    Case("entities that are declared", 2, lambda: b"<!DOCTYPE html [<!ENTITY a 'x'>]><html><p>&a;" + "甲".encode()),
    Case("zeros among the text", 1, lambda: page("<p>甲\0乙")),
    Case("17 MB", OVER, lambda: page(" " * 17 * MB)),
]  # fmt: skip

TEXTS = [
    Case("nine megabytes", OVER, lambda: b"x" * 9 * MB),
    Case("a million lines", OVER, lambda: b"x\n" * 1_000_000),
    Case("a million tabs", OVER, lambda: b"x\t" * 1_000_000),
    Case("a million ends of pages", OVER, lambda: b"x\f" * 1_000_000),
    Case("one line", 1, lambda: b"x" * 8 * MB),
    Case("half a character", NONE, lambda: "甲乙".encode()[:-1] + b"\xff"),
]


def in_objects(count: int) -> bytes:
    """A PDF without pages that has so many objects."""
    catalog = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"}
    return pdf(catalog | dict.fromkeys(range(3, count), b"null"))


def tree(kids: bytes, **more: bytes) -> bytes:
    """A PDF with this tree of pages."""
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[%s]/Count 1>>" % kids}
    return pdf(objects | {int(number[1:]): content for number, content in more.items()})


def forms() -> bytes:
    """A page that draws a thing ten times, which draws a thing ten times, nine times over."""
    more = {
        20 + at: stream(
            b"/X Do " * 10, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (21 + at)
        )
        for at in range(9)
    }
    last = stream(written("x", 1, 1), b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 3 0 R>>>>")
    return pdf_pages([b"/X Do"], {4: more.pop(20), **more, 29: last})


def grating(apart: float, count: int) -> bytes:
    """A page of so many lines each way that cross each other."""
    lines = (
        b"%g 0 m %g 842 l S 0 %g m 595 %g l S\n" % (at, at, at, at) for at in (apart * each for each in range(count))
    )
    return pdf_pages([b"".join(lines) + written("x", 71, 700)])


def page_again(count: int) -> bytes:
    """A tree in which one page stands so many times."""
    size = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    return tree(b"3 0 R " * count, _3=size, _4=stream(written("Text", 71, 700)), _5=font)


def zeros_in_pdf(megabytes: int) -> bytes:
    """A page that draws so many megabytes of zeros."""
    packed = b"\x78\xda" + zeros_deflated(megabytes)
    content = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    return tree(b"3 0 R", _3=b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>", _4=content)


def tagged() -> bytes:
    """A PDF that asks for scripts, files and programs."""
    catalog = (
        b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/Names<</EmbeddedFiles<</Names[(a.exe) 7 0 R]>>"
        b"/JavaScript<</Names[(a) <</S/JavaScript/JS(x)>>]>>>>/AA<</WC<</S/Launch/F(cmd.exe)>>>>"
    )
    return pdf_pages([written("Text", 71, 700)], {7: stream(b"MZ", b"/Type/EmbeddedFile")}, catalog)


PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def rc4(key: bytes, data: bytes) -> bytes:
    state, at, out = list(range(256)), 0, bytearray()
    for each in range(256):
        at = (at + state[each] + key[each % len(key)]) % 256
        state[each], state[at] = state[at], state[each]
    at = 0
    for number, byte in enumerate(data, 1):
        one = number % 256
        at = (at + state[one]) % 256
        state[one], state[at] = state[at], state[one]
        out.append(byte ^ state[(state[one] + state[at]) % 256])
    return bytes(out)


def encrypted(user: bytes) -> bytes:
    """A PDF of one line, encrypted with an owner's password, and with a user's that may be none."""
    owner = rc4(hashlib.md5((b"owner" + PAD)[:32]).digest()[:5], (user + PAD)[:32])
    key = hashlib.md5((user + PAD)[:32] + owner + b"\xfc\xff\xff\xff" + b"id").digest()[:5]
    text = rc4(hashlib.md5(key + b"\x05\0\0\0\0").digest()[:10], written("Text", 71, 700))
    lock = b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>" % (owner.hex().encode(), rc4(key, PAD).hex().encode())
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
            3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            4: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</Font<</F 3 0 R>>>>>>",
            5: b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
            6: lock,
        },
        b"/Root 1 0 R/Encrypt 6 0 R/ID[<%s><%s>]" % (b"id".hex().encode(), b"id".hex().encode()),
    )


GOOD = pdf_pages([written("Text", 71, 700) + boxed(71, 600, 171, 650) + boxed(171, 600, 271, 650)])
PDFS = [
    Case("an encrypted file", LOCKED, lambda: encrypted(b"secret")),
    Case("a file that only its owner may change", 1, lambda: encrypted(b"")),
    Case("scripts and attachments", 1, tagged),
    Case("cut in the middle", BROKEN, lambda: GOOD[: len(GOOD) // 3]),
    Case("a directory that leads nowhere", 1, lambda: GOOD.replace(b"startxref\n", b"startxref\n9999")),
    Case("a tree of pages that goes round", BROKEN, lambda: tree(b"2 0 R 2 0 R")),
    Case("a tree of pages that goes round further down", BROKEN, lambda: tree(
        b"3 0 R", _3=b"<</Type/Pages/Kids[2 0 R]/Parent 2 0 R>>")),
    Case("pages without sizes", BROKEN, lambda: tree(b"3 0 R", _3=b"<</Type/Page/Parent 2 0 R>>")),
    Case("a page without end", OVER, lambda: tree(
        b"3 0 R", _3=b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]>>" % (10**40, 10**40))),
    Case("no pages", BROKEN, lambda: in_objects(5)),
    Case("arrays a hundred thousand deep", BROKEN, lambda: tree(b"[" * 100_000 + b"]" * 100_000)),
    Case("type of no size", "image-only", lambda: pdf_pages([written("Text", 71, 700, 0)])),
    Case("type far from the page", "image-only", lambda: pdf_pages([b"BT /F 12 Tf 999999999 700 Td (Text) Tj ET"])),
    Case("a form drawn in itself", 1, lambda: pdf_pages([b"/X Do " + written("x", 71, 700)], {4: stream(
        b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>")})),
    Case("things that draw ten things, nine times over", OVER, forms, is_long=True),
    Case("a million characters on a page", OVER, lambda: pdf_pages(
        [written("x" * 1_000_000, 0, 700, 0.001)]), is_long=True),
    Case("a million lines on a page", OVER, lambda: pdf_pages([b"0 0 m 9 9 l S\n" * 1_000_000]), is_long=True),
    Case("a grating as fine as paper", 1, lambda: grating(0.25, 3_000), is_long=True),
    Case("a grating of small boxes", OVER, lambda: grating(5, 170), is_long=True),
    Case("many objects", BROKEN, lambda: in_objects(200_000), is_long=True),
    Case("objects that refer to themselves", OVER, lambda: pdf({1: b"1 0 R"}), is_long=True),
    Case("a page that stands in its tree a hundred thousand times", 1, lambda: page_again(100_000), is_long=True),
    Case("three hundred and one pages", OVER, lambda: pdf_pages([b""] * 301), is_long=True),
    Case("a gigabyte and a half of zeros", OVER, lambda: zeros_in_pdf(1536), is_long=True),
    Case("65 MB", OVER, lambda: b"%PDF-1.7" + bytes(65 * MB)),
]  # fmt: skip

CASES = {
    f"{kind}: {case.name}": case
    for kind, cases in {"docx": WORD, "html": PAGES, "txt": TEXTS, "pdf": PDFS}.items()
    for case in cases
}
ALONE = {name: case for name, case in CASES.items() if name.startswith("pdf") or not case.is_long or os.name == "nt"}
"""What is read in a process of its own anyway, and what takes but a moment; all others are read in one, below."""
PARAMETERS = [
    pytest.param(case, id=name, marks=pytest.mark.long if case.is_long else ()) for name, case in ALONE.items()
]


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_hostile_file_is_read_or_refused(case: Case) -> None:
    assert outcome(case.make()) == case.outcome


def confined() -> None:
    """Read every file but the PDFs - which are read in a process of their own - within the limits; called by a test."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    found = {name: outcome(case.make()) for name, case in CASES.items() if not name.startswith("pdf")}
    print(json.dumps(found))


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="the system has no limits for a process")
def test_reading_takes_little_memory_and_time() -> None:
    """All of them in one process, with the making of them: a gigabyte of addresses, a minute and a half of work."""
    command = [sys.executable, "-c", "from tests.publish.test_hostile_documents import confined; confined()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")
    wanted = {name: case.outcome for name, case in CASES.items() if not name.startswith("pdf")}
    assert json.loads(done.stdout) == wanted


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A web server's address, and what it was asked for."""
    paths: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(404)
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_is_fetched_run_or_told_of_other_files(
    asked: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    server, paths = asked
    secret, ran = tmp_path / "secret.txt", tmp_path / "ran"
    secret.write_text("机密", encoding="utf-8")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    html = f"""<!DOCTYPE html SYSTEM "{server}/a.dtd"><html><head><meta charset="utf-8">
      <meta http-equiv="refresh" content="0;{server}/b"><link rel="stylesheet" href="{server}/c">
      <base href="{server}"></head>
      <body onload="fetch('{server}/d')"><script src="{server}/e">document.write("藏")</script><img src="{server}/f">
      <iframe src="{server}/g" srcdoc="藏"></iframe><object data="{server}/h">藏</object><embed src="{secret.as_uri()}">
      <svg onload="x()"><text>藏</text><image href="{server}/i"/></svg><p style="background:url({server}/j)">甲
      <xi:include href="{secret.as_uri()}" parse="text"/><!--#include file="{secret}"--></p>"""
    kinds = f"""<!DOCTYPE w [<!ENTITY a SYSTEM "{secret.as_uri()}"><!ENTITY % b SYSTEM "{server}/k">%b;]>"""
    link = f'<a><Relationship Type="x/officeDocument" Target="{server}/l" TargetMode="External"/></a>'
    action = f"/OpenAction<</S/URI/URI({server}/m)>>/AA<</WC<</S/Launch/F({ran})>>>>".encode()
    page = pdf_pages([written("Text", 71, 700)], None, action)
    assert {name: told(data) for name, data in {
        "html": html.encode(),
        "an entity": body(paragraph("&a;"), kinds),
        "a document type": body(paragraph("甲"), f'<!DOCTYPE w SYSTEM "{server}/n">'),
        "a part elsewhere": word_with("_rels/.rels", Member(b"_rels/.rels", link.encode())),
        "inclusion": body(f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{secret}"/>{paragraph("甲")}'),
        "pdf": page,
    }.items()} == {
        "html": ["第 1 行¶甲"],
        "an entity": "damaged",
        "a document type": "damaged",
        "a part elsewhere": "damaged",
        "inclusion": ["第 1 行¶甲"],
        "pdf": ["第 1 页第 1 行¶Text"],
    }  # fmt: skip
    assert (paths, ran.exists(), list(scratch.iterdir()), capfd.readouterr()) == ([], False, [], ("", ""))


def told(data: bytes) -> list[str] | str:
    """What is read of a file, or the code of its refusal."""
    try:
        return shown(read_document(data, "甲"))
    except Refused as refused:
        return refused.code


CODES = {OVER, BROKEN, LOCKED, NONE, "old-format", "image-only"}
ROWS = [[("甲", 0, 0, 2), ("乙", 1, 2, 1)], [("1", 1, 1, 1), ("2", 2, 2, 1)]]
SOUND: dict[str, tuple[bytes, int]] = {
    "txt": ("一、总体情况\n\n项目\t件数\n甲\t0\n".encode("gb18030"), 2_000),
    "html": (page(f"<h1>题</h1><ol><li>甲<br>乙</ol>{page_table(ROWS)}<p hidden>藏</p><pre>a\tb</pre>"), 3_000),
    "docx": (word_file(
        f"{paragraph('题')}<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{paragraph('甲')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{paragraph('1')}</w:tc><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>"), 1_500),
    "docx part": (word_parts(f"{paragraph('题')}<w:tbl><w:tr><w:tc>{paragraph('甲')}</w:tc></w:tr></w:tbl>")[
        "word/document.xml"], 1_500),
    "pdf": (GOOD, 30),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("kind", list(SOUND))
def test_a_file_spoilt_at_random_is_read_or_refused(kind: str) -> None:
    data, count = SOUND[kind]
    outcomes = set()
    for seed in range(count):
        dice, spoilt = random.Random(seed), bytearray(data)
        for _ in range(dice.randint(1, 8)):
            spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
        cut = bytes(spoilt[: dice.randrange(len(spoilt))] if dice.random() < 0.1 else spoilt)
        whole = cut if kind != "docx part" else word_with("word/document.xml", Member(b"word/document.xml", cut))
        outcomes.add(outcome(whole))
    assert {each for each in outcomes if isinstance(each, str)} <= CODES
    assert any(isinstance(each, int) for each in outcomes)
