"""An agency's workbook written anew: the form as it was issued, with whatever could be read of the old one in it."""

from collections.abc import Iterator
from decimal import Decimal

from toolkit.audit.submission import Agency, Submission
from toolkit.form.model import Key
from toolkit.form.stamp import Stamp
from toolkit.workbook.known import Known
from toolkit.workbook.template import Filling, Issue, template_bytes, typed_values


def afresh(submission: Submission, stamp: Stamp, known: Known) -> bytes:
    """A new workbook of the same issue with the figures, declarations and texts of a submission.

    A figure that was read but refused (negative, too many decimals) is carried too. A table with a figure that cannot
    be carried loses its declaration, lest what was written there should come back as 0.
    """
    book, agency = known.book, submission.agency
    figures = {**typed_values(submission.values, book), **dict(_refused(submission))}
    declared = tuple(
        name for name in submission.declared_zero if all(key in figures for key in book.typed if key.table == name)
    )
    prior = {key: value for key, value in submission.values.items() if key.is_prior and value is not None}
    issue = Issue(Agency(agency.name, stamp.agency) if stamp.agency else None, stamp.year, prior)
    filling = Filling(
        figures=figures,
        declared_zero=declared,
        narrative=submission.narrative,
        people=submission.people,
        remarks=submission.remarks,
        explanations=submission.explanations,
        agency=agency,
        year=submission.year,
    )
    return template_bytes(known, issue, filling)


def _refused(submission: Submission) -> Iterator[tuple[Key, Decimal]]:
    """The numbers that were read but cannot stand."""
    typed = {str(key): key for key in submission.book.typed}
    for problem in submission.problems:
        if problem.code in ("negative", "not-whole") and isinstance(problem.found, Decimal) and float(problem.found):
            yield from ((typed[name], problem.found) for name in problem.keys if name in typed)
