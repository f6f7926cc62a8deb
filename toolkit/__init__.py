"""The public API of gouji; a name is imported from its room when it is first asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
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
    from toolkit.workbook.intake import read_submission
    from toolkit.workbook.known import Known, know
    from toolkit.workbook.saving import write_whole
    from toolkit.workbook.sources import Incoming, find_files
    from toolkit.workbook.template import Filling, Issue, template_bytes
else:
    # Hidden from the type checker, which would take any name for one of ours.
    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


_HOMES = {
    "Agency": "audit.submission",
    "Besides": "summary.sheets",
    "Collection": "collection.folder",
    "Filling": "workbook.template",
    "Form": "form.model",
    "Given": "publish.importing",
    "Imported": "publish.importing",
    "Incoming": "workbook.sources",
    "Issue": "workbook.template",
    "Key": "form.model",
    "Known": "workbook.known",
    "Listing": "audit.submission",
    "Problem": "problems",
    "Reading": "audit.submission",
    "Report": "publish.outline",
    "Roster": "collection.roster",
    "Severity": "problems",
    "State": "collection.standing",
    "Status": "collection.standing",
    "Submission": "audit.submission",
    "Summary": "summary.merge",
    "Unreadable": "audit.submission",
    "Where": "problems",
    "audited": "audit.validate",
    "built_in": "form.library",
    "compare": "audit.across",
    "create_collection": "collection.folder",
    "divisions": "summary.parts",
    "export_files": "summary.export",
    "find_files": "workbook.sources",
    "import_file": "publish.importing",
    "know": "workbook.known",
    "load_collection": "collection.folder",
    "load_form": "form.library",
    "load_official": "summary.review",
    "load_roster": "collection.roster",
    "merge": "summary.merge",
    "parse_form": "form.definition",
    "part_values": "summary.parts",
    "read_submission": "workbook.intake",
    "read_summary": "summary.reading",
    "report_html": "publish.webreport",
    "report_of": "publish.outline",
    "report_of_totals": "publish.outline",
    "review": "summary.review",
    "summary_bytes": "summary.sheets",
    "survey": "collection.standing",
    "template_bytes": "workbook.template",
    "trace": "summary.trace",
    "write_whole": "workbook.saving",
}
