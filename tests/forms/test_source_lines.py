"""The line of every value of a definition, however oddly the TOML is written."""

import pytest

from toolkit.form.source import Path, line_index


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("", {}, id="an empty text"),
        pytest.param("a = 1\n\nb = 2", {("a",): 1, ("b",): 3}, id="an empty line"),
        pytest.param("a = 1\r\n\r\nb = 2\r\n", {("a",): 1, ("b",): 3}, id="lines that end as on Windows"),
        pytest.param("# [x]\na = 1 # = [ { \"\nb = 2", {("a",): 2, ("b",): 3}, id="brackets and quotes in comments"),
        pytest.param('a = """\nb = 1\n[c]\n"""\nd = 2', {("a",): 1, ("d",): 5}, id="a text over several lines"),
        pytest.param("a = '''\nb = 1\n\\'''\nd = 2", {("a",): 1, ("d",): 4}, id="a literal text over several lines"),
        pytest.param('a = """x\\"""y\n"""\nb = 1', {("a",): 1, ("b",): 3}, id="an escaped quote in such a text"),
        pytest.param('a = """x""""\nb = "\\""\nc = 1', {("a",): 1, ("b",): 2, ("c",): 3}, id="four quotes at the end"),
        pytest.param(
            'a = ["""x"""", "]",\n1]\nb = 1',
            {("a",): 1, ("a", 0): 1, ("a", 1): 1, ("a", 2): 2, ("b",): 3},
            id="four quotes before another text",
        ),
        pytest.param("a = '''x'''''\nb = 1", {("a",): 1, ("b",): 2}, id="five quotes at the end"),
        pytest.param('a = ""\nb = \'\'\nc = """"""', {("a",): 1, ("b",): 2, ("c",): 3}, id="empty texts"),
        pytest.param('a = "[x] # {"\nb = 1', {("a",): 1, ("b",): 2}, id="brackets in a text"),
        pytest.param(
            "a = [\n  1, # one ]\n\n  2,\n]\nb = 1",
            {("a",): 1, ("a", 0): 2, ("a", 1): 4, ("b",): 6},
            id="an array over several lines",
        ),
        pytest.param(
            "a = [[1],\n  [2, 3],\n  []]\nb = 1",
            {
                ("a",): 1, ("a", 0): 1, ("a", 0, 0): 1, ("a", 1): 2, ("a", 1, 0): 2, ("a", 1, 1): 2, ("a", 2): 3,
                ("b",): 4,
            },
            id="arrays in an array",
        ),
        pytest.param(
            "a = [\n  { x = 1, y = [\n    2 ] },\n  { x = 3 },\n]",
            {
                ("a",): 1, ("a", 0): 2, ("a", 0, "x"): 2, ("a", 0, "y"): 2, ("a", 0, "y", 0): 3, ("a", 1): 4,
                ("a", 1, "x"): 4,
            },
            id="inline tables in an array",
        ),
        pytest.param("a = {}\nb = []\nc = 1", {("a",): 1, ("b",): 2, ("c",): 3}, id="empty ones"),
        pytest.param("a = { b = { c = 1 } }", {("a",): 1, ("a", "b"): 1, ("a", "b", "c"): 1}, id="inline in inline"),
        pytest.param("a.b = 1\na . c = 2", {("a", "b"): 1, ("a", "c"): 2}, id="dotted keys"),
        pytest.param(
            '"a b" = 1\n\'c.d\' = 2\n"e\\u0066" = 3\n"\'g\'" = 4',
            {("a b",): 1, ("c.d",): 2, ("ef",): 3, ("'g'",): 4},
            id="quoted keys",
        ),
        pytest.param(
            "a = 1.5\nb = -1e-3\nc = 1979-05-27 07:32:00\nd = true\ne = 0xff\nf = +inf",
            {("a",): 1, ("b",): 2, ("c",): 3, ("d",): 4, ("e",): 5, ("f",): 6},
            id="values of every kind",
        ),
        pytest.param(
            "[a]\nx = 1\n[a.b]\ny = 2\n[ c . 'd' ]\nz = 3",
            {("a",): 1, ("a", "x"): 2, ("a", "b"): 3, ("a", "b", "y"): 4, ("c", "d"): 5, ("c", "d", "z"): 6},
            id="sections",
        ),
        pytest.param(
            "[[a]]\nx = 1\n[[a]]\nx = 2\n[[a.b]]\ny = 3\n[[a.b]]\n[a.c]\nz = 4\n[[a]]\n[[a.b]]\ny = 5",
            {
                ("a", 0): 1, ("a", 0, "x"): 2, ("a", 1): 3, ("a", 1, "x"): 4,
                ("a", 1, "b", 0): 5, ("a", 1, "b", 0, "y"): 6, ("a", 1, "b", 1): 7,
                ("a", 1, "c"): 8, ("a", 1, "c", "z"): 9,
                ("a", 2): 10, ("a", 2, "b", 0): 11, ("a", 2, "b", 0, "y"): 12,
            },
            id="sections of which there are several",
        ),
    ],
)  # fmt: skip
def test_every_value_is_found_on_its_line(text: str, lines: dict[Path, int]) -> None:
    assert line_index(text.replace("\r\n", "\n")) == lines
    assert line_index(text) == lines
