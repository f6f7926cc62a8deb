"""The public API of gouji."""

from toolkit.audit.across import compare
from toolkit.audit.submission import Agency, Reading, Submission, Unreadable
from toolkit.audit.validate import audited
from toolkit.form.definition import parse_form
from toolkit.form.library import built_in, load_form
from toolkit.form.model import Form, Key
from toolkit.problems import Problem, Severity, Where
from toolkit.summary.merge import Summary, merge
from toolkit.summary.review import load_official, review
from toolkit.summary.sheets import summary_bytes
from toolkit.workbook.intake import Known, know, read_submission
from toolkit.workbook.saving import write_whole
from toolkit.workbook.sources import Incoming, find_files
from toolkit.workbook.template import Filling, Issue, template_bytes

__all__ = [
    "Agency",
    "Filling",
    "Form",
    "Incoming",
    "Issue",
    "Key",
    "Known",
    "Problem",
    "Reading",
    "Severity",
    "Submission",
    "Summary",
    "Unreadable",
    "Where",
    "audited",
    "built_in",
    "compare",
    "find_files",
    "know",
    "load_form",
    "load_official",
    "merge",
    "parse_form",
    "read_submission",
    "review",
    "summary_bytes",
    "template_bytes",
    "write_whole",
]
