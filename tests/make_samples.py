"""Makes the workbooks that lie in templates/ and samples/ anew from the definition and the sample figures."""

from pathlib import Path

from toolkit.collection.demo import load_samples, sample_bytes
from toolkit.form.library import OFFICIAL
from toolkit.summary.review import load_official
from toolkit.workbook.template import template_bytes

TOP = Path(__file__).parent.parent


def bundled_workbooks() -> dict[Path, bytes]:
    """Every workbook that comes with the toolkit, by its place."""
    known = load_official()
    workbooks = {TOP / "templates" / f"{OFFICIAL}.xlsx": template_bytes(known)}
    for sample in load_samples(known):
        workbooks[TOP / "samples" / "completed" / sample.file] = sample_bytes(known, sample)
    return workbooks


if __name__ == "__main__":
    for path, data in bundled_workbooks().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        print(f"{path.relative_to(TOP)}: {len(data)} bytes")
