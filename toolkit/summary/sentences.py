"""The ready sentences of a summary: its figures put into an office's wording. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from toolkit.audit.numbers import printed
from toolkit.audit.shares import shares
from toolkit.form.model import Key
from toolkit.form.wording import Change, Figure, Paragraph, Piece, Share, Word, Wording
from toolkit.summary.lists import scope_of
from toolkit.summary.merge import Summary

NOTHING = "—"

_QUOTED = 16  # characters of a paragraph that is left out
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sentences:
    """The paragraphs in order, ready to be pasted; a sentence for each that is left out, with its line and why; how
    many agencies the figures are of."""

    lines: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    scope: str = ""


def sentences(summary: Summary, wording: Wording) -> Sentences:
    """The wording with a summary's figures in it. A paragraph that asks for what is not known is left out."""
    facts = _Facts(summary)
    lines, left_out = [], []
    for paragraph in wording.paragraphs:
        unknown = "，".join(dict.fromkeys(filter(None, map(facts.why_unknown, paragraph.pieces))))
        if unknown:
            left_out.append(f"第 {paragraph.line} 行“{_beginning(paragraph)}”没有写：{unknown}。")
        else:
            lines.append(facts.sentence(paragraph))
    return Sentences(tuple(lines), tuple(left_out), scope_of(summary))


class _Facts:
    """What is known of one summary, as it is printed."""

    def __init__(self, summary: Summary) -> None:
        self._values = summary.values
        self._before = None if summary.year is None else summary.earlier.get(summary.year - 1)
        self._words = {
            "year": "" if summary.year is None else str(summary.year),
            "unit": "".join(letter for letter in summary.unit if letter.isprintable()).strip(),
            "counted": str(len(summary.included)),
            "expected": str(summary.expected or ""),
        }

    def why_unknown(self, piece: Piece) -> str:
        """Why a piece cannot be printed; empty where it can."""
        if isinstance(piece, Word) and not self._words[piece.name]:
            told = {"year": "不知道年度", "unit": "不知道汇总单位", "expected": "没有名册，不知道应报几家"}
            return told[piece.name]
        asks = isinstance(piece, Change) or (isinstance(piece, Figure) and piece.is_prior)
        return "不知道上年的数" if asks and self._before is None else ""

    def sentence(self, paragraph: Paragraph) -> str:
        """A paragraph of which everything is known."""
        printed_shares = dict(self._shares(paragraph))
        return "".join(self._printed(piece, printed_shares) for piece in paragraph.pieces)

    def _printed(self, piece: Piece, printed_shares: Mapping[Share, str]) -> str:
        match piece:
            case str():
                return piece
            case Word():
                return self._words[piece.name]
            case Figure():
                return printed(_sum(self._before or {} if piece.is_prior else self._values, piece.keys))
            case Share():
                return printed_shares[piece]
            case Change():
                return _change(_sum(self._values, piece.keys), _sum(self._before or {}, piece.keys), piece.decimals)

    def _shares(self, paragraph: Paragraph) -> Iterator[tuple[Share, str]]:
        """Every share of a paragraph; those of one whole are rounded together where they are all of it."""
        asked: dict[tuple[tuple[Key, ...], int], dict[Share, Decimal]] = {}
        for piece in paragraph.pieces:
            if isinstance(piece, Share):
                asked.setdefault((piece.whole, piece.decimals), {})[piece] = _sum(self._values, piece.part)
        for (whole, decimals), parts in asked.items():
            found = _rounded(list(parts.values()), _sum(self._values, whole), decimals)
            yield from zip(parts, found, strict=True)


def _sum(values: Mapping[Key, Decimal], keys: Sequence[Key]) -> Decimal:
    return sum((values[key] for key in keys), _ZERO)


def _rounded(parts: Sequence[Decimal], whole: Decimal, decimals: int) -> Iterator[str]:
    """The shares in order. As soon as parts are together the whole they are rounded as such, and what follows, such as
    the parts of a part, begins anew."""
    start = 0
    for end in range(1, len(parts) + 1):
        if end == len(parts) or sum(parts[start:end], _ZERO) == whole:
            for share in shares(parts[start:end], whole, decimals):
                yield NOTHING if share is None else f"{share:f}%"
            start = end


def _change(now: Decimal, before: Decimal, decimals: int) -> str:
    """How much more or less than last year; a change that would be printed as 0 is told in words."""
    (share,) = shares((abs(now - before),), before, decimals)
    if share is None:
        return NOTHING
    if now == before:
        return "持平"
    return f"{'增长' if now > before else '下降'} {share:f}%" if share else "基本持平"


def _beginning(paragraph: Paragraph) -> str:
    """How a paragraph begins, its placeholders left open."""
    text = "".join(piece if isinstance(piece, str) else "…" for piece in paragraph.pieces)
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
