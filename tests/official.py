"""What tests share: the official form, made ready once, and short ways to write keys, figures and workbooks."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from toolkit.audit.submission import Agency, Reading, Submission
from toolkit.audit.validate import audited
from toolkit.form.model import Key
from toolkit.summary.review import load_official
from toolkit.workbook.intake import read_submission
from toolkit.workbook.known import Known
from toolkit.workbook.template import Filling, Issue, template_bytes

AGENCY = Agency("温县科学技术局", "111408250000000016")
ISSUE = Issue(AGENCY, 2025)
ALL_ZERO = ("proactive", "requests", "disputes")


@cache
def official() -> Known:
    """The built-in form, ready for reading and writing."""
    return load_official()


def key(text: str) -> Key:
    """`requests.denied.state_secret.total` -> its Key, `prior.` included."""
    plain = text.removeprefix("prior.")
    table, *row, column = plain.split(".")
    found = Key(table, ".".join(row), column)
    return found.prior if plain != text else found


def figures(written: Mapping[str, int | str]) -> dict[Key, Decimal]:
    """Figures by dotted key."""
    return {key(name): Decimal(value) for name, value in written.items()}


_made: dict[str, bytes] = {}


def filled(written: Mapping[str, int | str], declared_zero: tuple[str, ...] = ALL_ZERO, issue: Issue = ISSUE) -> bytes:
    """A workbook issued to one agency and filled in; what is not written is declared zero. Each is made once."""
    asked = repr((sorted(written.items()), declared_zero, issue))
    if asked not in _made:
        _made[asked] = template_bytes(official(), issue, Filling(figures(written), declared_zero))
    return _made[asked]


def read(data: bytes, file: str = "a.xlsx") -> Reading:
    """A workbook read and audited."""
    reading = read_submission(data, file, {official().book.form.code: official()})
    return audited(reading) if isinstance(reading, Submission) else reading
