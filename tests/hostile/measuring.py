"""Every hostile file read once in one process: how long it took, how much memory it held; JSON lines on stdout.

Run by a test as `python -m tests.hostile.measuring`, under a limit of the whole address space.
"""

import json
import time
import tracemalloc

from tests.hostile.corpus import Case, cases, good
from tests.official import read

LIMIT = 3 * 2**30


def main() -> None:
    """One line a file: name, bytes, codes, processor milliseconds, peak megabytes; the good workbook comes first."""
    try:
        import resource  # not on every system; without it the run is measured and not limited

        resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
    except ImportError:
        pass
    read(good())
    for case in (Case("an honest workbook", (), good, is_read=True), *cases()):
        print(json.dumps(measured(case), ensure_ascii=False))


def measured(case: Case) -> dict[str, object]:
    """The better time of two runs, and the peak of a third one."""
    data = case.make()
    took = []
    for _ in range(2):
        started = time.process_time()
        reading = read(data)
        took.append(time.process_time() - started)
    tracemalloc.start()
    read(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    codes = list(dict.fromkeys(each.code for each in reading.problems))
    return {"name": case.name, "bytes": len(data), "codes": codes, "ms": 1000 * min(took), "mb": peak / 2**20}


if __name__ == "__main__":
    main()
