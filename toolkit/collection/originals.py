"""The files that were taken in, written out again as they came."""

from collections.abc import Sequence
from pathlib import Path

from toolkit.collection.events import Filing
from toolkit.collection.ledger import Ledger
from toolkit.collection.roster import Member
from toolkit.collection.standing import State
from toolkit.workbook.saving import file_stem, write_whole

_STRAYS = "归不到单位"


def write_originals(
    state: State, ledger: Ledger, folder: Path, members: Sequence[Member] = (), *, force: bool = False
) -> int:
    """Write every original, or those of some agencies, each under its agency's name, its number in the ledger and its
    own name; how many. FileExistsError where one lies there already and is another file, unless `force`."""
    wanted = {member.agency.code for member in members}
    count = 0
    for standing in state.standings:
        if not wanted or standing.member.agency.code in wanted:
            for filing in standing.history:
                _write(ledger, filing, folder, standing.member.agency.name, force=force)
                count += 1
    for stray in () if wanted else state.strays:
        _write(ledger, stray.filing, folder, _STRAYS, force=force)
        count += 1
    return count


def _write(ledger: Ledger, filing: Filing, folder: Path, agency: str, *, force: bool) -> None:
    data = ledger.original(filing.sha256)
    last = filing.file.replace("\\", "/").rpartition("/")[2]
    stem, dot, suffix = last.rpartition(".")
    name = file_stem(f"{filing.id:05d}-{stem if dot else last}", f"{filing.id:05d}")
    path = folder / file_stem(agency, "单位") / (name + (f".{file_stem(suffix, 'bin')}" if dot else ""))
    if not (path.is_file() and path.read_bytes() == data):
        write_whole(path, data, force=force)
