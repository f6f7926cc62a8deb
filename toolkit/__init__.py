"""The public API of gouji."""

from toolkit.audit.across import compare
from toolkit.audit.submission import Agency, Listing, Reading, Submission, Unreadable
from toolkit.audit.validate import audited
from toolkit.collection.folder import Collection, create_collection, load_collection
from toolkit.collection.roster import Roster, load_roster
from toolkit.collection.standing import State, Status, survey
from toolkit.form.definition import parse_form
from toolkit.form.library import built_in, load_form
from toolkit.form.model import Form, Key
from toolkit.problems import Problem, Severity, Where
from toolkit.publish.importing import Given, Imported, import_file
from toolkit.publish.outline import Report, report_of, report_of_totals
from toolkit.publish.webreport import report_html
from toolkit.summary.export import export_files
from toolkit.summary.merge import Summary, merge
from toolkit.summary.parts import divisions, part_values
from toolkit.summary.reading import read_summary
from toolkit.summary.review import load_official, review
from toolkit.summary.sheets import Besides, summary_bytes
from toolkit.summary.trace import trace
from toolkit.workbook.intake import Known, know, read_submission
from toolkit.workbook.saving import write_whole
from toolkit.workbook.sources import Incoming, find_files
from toolkit.workbook.template import Filling, Issue, template_bytes

__all__ = [
    "Agency",
    "Besides",
    "Collection",
    "Filling",
    "Form",
    "Given",
    "Imported",
    "Incoming",
    "Issue",
    "Key",
    "Known",
    "Listing",
    "Problem",
    "Reading",
    "Report",
    "Roster",
    "Severity",
    "State",
    "Status",
    "Submission",
    "Summary",
    "Unreadable",
    "Where",
    "audited",
    "built_in",
    "compare",
    "create_collection",
    "divisions",
    "export_files",
    "find_files",
    "import_file",
    "know",
    "load_collection",
    "load_form",
    "load_official",
    "load_roster",
    "merge",
    "parse_form",
    "part_values",
    "read_submission",
    "read_summary",
    "report_html",
    "report_of",
    "report_of_totals",
    "review",
    "summary_bytes",
    "survey",
    "template_bytes",
    "trace",
    "write_whole",
]
