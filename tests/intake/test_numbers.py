"""What a cell holds is understood as a figure, as blank, or as neither; never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.audit.numbers import Content, Kind, understand

BLANK = (None, None, False)
NOT_A_NUMBER = (None, "not-a-number", False)

COUNTS: list[tuple[Kind, str, tuple[int | str | None, str | None, bool]]] = [
    # stored as a number: the value, the problem, whether it was put right
    (Kind.NUMBER, "0", (0, None, False)),
    (Kind.NUMBER, "3", (3, None, False)),
    (Kind.NUMBER, "3.0", (3, None, False)),
    (Kind.NUMBER, "-0", (0, None, False)),
    (Kind.NUMBER, "1E+2", (100, None, False)),
    (Kind.NUMBER, "1.2e1", (12, None, False)),
    (Kind.NUMBER, "1000000000000", (10**12, None, False)),
    (Kind.NUMBER, "2.9999999999999996", (3, None, True)),
    (Kind.NUMBER, "2.5", ("2.5", "not-whole", False)),
    (Kind.NUMBER, "1e-9", ("1e-9", "not-whole", False)),
    (Kind.NUMBER, "-1", (-1, "negative", False)),
    (Kind.NUMBER, "-2.5", ("-2.5", "negative", False)),
    (Kind.NUMBER, "1000000000001", NOT_A_NUMBER),
    (Kind.NUMBER, "1e400", NOT_A_NUMBER),
    (Kind.NUMBER, "1e9999", NOT_A_NUMBER),
    (Kind.NUMBER, "nan", NOT_A_NUMBER),
    (Kind.NUMBER, "NaN", NOT_A_NUMBER),
    (Kind.NUMBER, "inf", NOT_A_NUMBER),
    (Kind.NUMBER, "-Infinity", NOT_A_NUMBER),
    (Kind.NUMBER, "1_000", NOT_A_NUMBER),
    (Kind.NUMBER, "0x10", NOT_A_NUMBER),
    (Kind.NUMBER, "３", NOT_A_NUMBER),
    # stored as text
    (Kind.TEXT, "3", (3, None, True)),
    (Kind.TEXT, "03", (3, None, True)),
    (Kind.TEXT, "+3", (3, None, True)),
    (Kind.TEXT, "３", (3, None, True)),
    (Kind.TEXT, "１２０", (120, None, True)),
    (Kind.TEXT, " 3 ", (3, None, True)),
    (Kind.TEXT, "\u00a03", (3, None, True)),
    (Kind.TEXT, "\u30003\u3000", (3, None, True)),
    (Kind.TEXT, "3\u200b", (3, None, True)),
    (Kind.TEXT, "\ufeff3", (3, None, True)),
    (Kind.TEXT, "3\n", (3, None, True)),
    (Kind.TEXT, "1,234", (1234, None, True)),
    (Kind.TEXT, "１，２３４，５６７", (1234567, None, True)),
    (Kind.TEXT, "1 234", NOT_A_NUMBER),
    (Kind.TEXT, "3 4", NOT_A_NUMBER),
    (Kind.TEXT, "5²", NOT_A_NUMBER),
    (Kind.TEXT, "①", NOT_A_NUMBER),
    (Kind.TEXT, "₃", NOT_A_NUMBER),
    (Kind.TEXT, "3.0", (3, None, True)),
    (Kind.TEXT, "2.5", ("2.5", "not-whole", False)),
    (Kind.TEXT, "-1", (-1, "negative", False)),
    (Kind.TEXT, "－1", (-1, "negative", False)),
    (Kind.TEXT, "12,34", NOT_A_NUMBER),
    (Kind.TEXT, "1,2345", NOT_A_NUMBER),
    (Kind.TEXT, ",123", NOT_A_NUMBER),
    (Kind.TEXT, "1234,567", NOT_A_NUMBER),
    (Kind.TEXT, "3件", (3, None, True)),
    (Kind.TEXT, "约3", NOT_A_NUMBER),
    (Kind.TEXT, "55（含自然失效29件）", (55, None, True)),
    (Kind.TEXT, "55件 (含自然失效29件)", (55, None, True)),
    (Kind.TEXT, "3（2）", NOT_A_NUMBER),
    (Kind.TEXT, "（3）", NOT_A_NUMBER),
    (Kind.TEXT, "3件件", NOT_A_NUMBER),
    (Kind.TEXT, "3元", NOT_A_NUMBER),
    (Kind.TEXT, "3+4", NOT_A_NUMBER),
    (Kind.TEXT, "3-4", NOT_A_NUMBER),
    (Kind.TEXT, "=3+4", NOT_A_NUMBER),
    (Kind.TEXT, "三", NOT_A_NUMBER),
    (Kind.TEXT, "—", NOT_A_NUMBER),
    (Kind.TEXT, "-", NOT_A_NUMBER),
    (Kind.TEXT, "/", NOT_A_NUMBER),
    (Kind.TEXT, "无", NOT_A_NUMBER),
    (Kind.TEXT, "N/A", NOT_A_NUMBER),
    (Kind.TEXT, ".", NOT_A_NUMBER),
    (Kind.TEXT, "1e3", NOT_A_NUMBER),
    (Kind.TEXT, "1_000", NOT_A_NUMBER),
    (Kind.TEXT, "nan", NOT_A_NUMBER),
    (Kind.TEXT, "inf", NOT_A_NUMBER),
    (Kind.TEXT, "٣", NOT_A_NUMBER),
    (Kind.TEXT, "9" * 20, NOT_A_NUMBER),
    (Kind.TEXT, "9" * 5_000, NOT_A_NUMBER),
    # nothing at all, or nothing that can be seen
    (Kind.EMPTY, "", BLANK),
    (Kind.TEXT, "", BLANK),
    (Kind.TEXT, "  ", BLANK),
    (Kind.TEXT, "\u200b\u3000\n", BLANK),
    # what is no number whatever it says
    (Kind.BOOLEAN, "1", NOT_A_NUMBER),
    (Kind.BOOLEAN, "0", NOT_A_NUMBER),
    (Kind.ERROR, "#REF!", NOT_A_NUMBER),
    (Kind.ERROR, "3", NOT_A_NUMBER),
    (Kind.DATE, "45658", NOT_A_NUMBER),
    (Kind.DATE, "2025-01-01T00:00:00", NOT_A_NUMBER),
]

AMOUNTS: list[tuple[Kind, str, tuple[str | None, str | None, bool]]] = [
    (Kind.NUMBER, "1.25", ("1.25", None, False)),
    (Kind.NUMBER, "1.1000000000000001", ("1.1", None, False)),
    (Kind.NUMBER, "0.30000000000000004", ("0.3", None, True)),
    (Kind.NUMBER, "0.123456", ("0.123456", None, False)),
    (Kind.NUMBER, "0.1234567", ("0.1234567", "not-whole", False)),
    (Kind.NUMBER, "0.30000000000000004", ("0.3", None, True)),
    (Kind.NUMBER, "1E-6", ("0.000001", None, False)),
    (Kind.NUMBER, "-0.5", ("-0.5", "negative", False)),
    (Kind.TEXT, "1,234.5", ("1234.5", None, True)),
    (Kind.TEXT, "１．２５", ("1.25", None, True)),
    (Kind.TEXT, "1.25万元", NOT_A_NUMBER),
    (Kind.TEXT, "1.2.5", NOT_A_NUMBER),
    (Kind.EMPTY, "", BLANK),
]

FULL_WIDTH = str.maketrans("0123456789,", "０１２３４５６７８９，")


def understood(kind: Kind, text: str, decimals: int) -> tuple[Decimal | None, str | None, bool]:
    figure = understand(Content(kind, text), decimals)
    return figure.value, figure.code, figure.normalised


def expected(value: int | str | None, code: str | None, normalised: bool) -> tuple[Decimal | None, str | None, bool]:
    return None if value is None else Decimal(value), code, normalised


@pytest.mark.parametrize(("kind", "text", "figure"), COUNTS)
def test_a_count_is_read_as_the_table_says(
    kind: Kind, text: str, figure: tuple[int | str | None, str | None, bool]
) -> None:
    assert understood(kind, text, 0) == expected(*figure)


@pytest.mark.parametrize(("kind", "text", "figure"), AMOUNTS)
def test_an_amount_of_six_places_is_read_as_the_table_says(
    kind: Kind, text: str, figure: tuple[str | None, str | None, bool]
) -> None:
    assert understood(kind, text, 6) == expected(*figure)


@given(st.integers(0, 10**12 - 1))
def test_a_count_reads_back_as_itself_however_it_is_written(number: int) -> None:
    plain, grouped = str(number), f"{number:,}"
    for text in (plain, f"0{plain}", f"{plain}.0"):
        assert understood(Kind.NUMBER, text, 0) == (Decimal(number), None, False)
    for text in (plain, grouped, plain.translate(FULL_WIDTH), grouped.translate(FULL_WIDTH)):
        assert understood(Kind.TEXT, text, 0) == (Decimal(number), None, True)


@given(st.text(max_size=12))
def test_no_text_whatever_is_more_than_a_figure_a_blank_or_a_problem(text: str) -> None:
    for kind in Kind:
        value, code, _ = understood(kind, text, 0)
        assert code is not None or value is None or (value >= 0 and value == int(value))
