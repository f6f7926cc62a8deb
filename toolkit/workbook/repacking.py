"""An archive copied again and again with a few texts in it changed: what stays the same is neither unpacked nor packed.

Members that hold none of the texts are copied as they lie there. Of the others, what comes before the first text is
packed once and its packer kept, so that each copy goes on from there; the bytes are those of packing it all at once.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LOCAL, _ENTRY = 30, 46  # bytes of a member's two headers before its name
_LOCAL_SIZES, _ENTRY_SIZES, _ENTRY_START = 14, 16, 42  # where in them are CRC and sizes, and where the member starts
_END_START = -6  # where in the end of an archive without a comment is written where its directory starts
_NAMED = struct.Struct("<HHH")  # how long a name is, what is added to it, and a remark (in the directory only)
_SIZES = struct.Struct("<3I")
_START = struct.Struct("<I")
_LEVEL = zlib.Z_DEFAULT_COMPRESSION  # zipfile's own


@dataclass(frozen=True, slots=True)
class _Cut:
    """A member cut at the texts in it: `slots` say which text stands behind each of `literals` but the last."""

    literals: tuple[bytes, ...]
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Packing:
    """A cut member packed up to its first text, its packer ready to go on."""

    cut: _Cut
    packer: "zlib._Compress"
    packed: bytes
    crc: int

    def packed_with(self, texts: Sequence[bytes]) -> tuple[bytes, bytes]:
        """CRC and sizes as headers have them, and the packed member."""
        first, *others = self.cut.literals
        pieces = [
            piece for slot, literal in zip(self.cut.slots, others, strict=True) for piece in (texts[slot], literal)
        ]
        rest, packer = b"".join(pieces), self.packer.copy()
        packed = self.packed + packer.compress(rest) + packer.flush()
        return _SIZES.pack(zlib.crc32(rest, self.crc), len(packed), len(first) + len(rest)), packed


@dataclass(frozen=True, slots=True)
class _Member:
    """One member: where it stands in the directory, all of its bytes or its header and how it is packed anew."""

    entry: int
    record: bytes
    packing: _Packing | None


class Repacking:
    """An archive without a comment, as zipfile packs one in memory, and the texts in it that change; `literals` are
    all that is no such text."""

    def __init__(self, archive: bytes, texts: Sequence[bytes]) -> None:
        found = re.compile(b"(" + b"|".join(map(re.escape, texts)) + b")")
        self.literals: list[bytes] = []
        self._members: list[_Member] = []
        start = _START.unpack_from(archive, len(archive) + _END_START)[0]
        self._directory = archive[start:]
        entry = 0
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            for info in opened.infolist():
                literals = found.split(opened.read(info))
                cut = _Cut(tuple(literals[::2]), tuple(map(texts.index, literals[1::2])))
                self.literals += cut.literals
                head = info.header_offset + _LOCAL + sum(_NAMED.unpack_from(archive, info.header_offset + 26)[:2])
                end = head if cut.slots else head + info.compress_size
                record = archive[info.header_offset : end]
                self._members.append(_Member(entry, record, _packing(cut) if cut.slots else None))
                entry += _ENTRY + sum(_NAMED.unpack_from(self._directory, entry + 28))

    def with_texts(self, texts: Sequence[bytes]) -> bytes:
        """The archive with these texts in the places of the first ones, in the same order."""
        directory, start = bytearray(self._directory), 0
        pieces: list[bytes] = []
        for member in self._members:
            written = tuple(self._written(member, texts, directory))
            _START.pack_into(directory, member.entry + _ENTRY_START, start)
            start += sum(map(len, written))
            pieces += written
        _START.pack_into(directory, len(directory) + _END_START, start)
        return b"".join([*pieces, directory])

    def _written(self, member: _Member, texts: Sequence[bytes], directory: bytearray) -> Iterator[bytes]:
        if member.packing is None:
            yield member.record
            return
        sizes, packed = member.packing.packed_with(texts)
        after = _LOCAL_SIZES + _SIZES.size
        at = member.entry + _ENTRY_SIZES
        directory[at : at + _SIZES.size] = sizes
        yield from (member.record[:_LOCAL_SIZES], sizes, member.record[after:], packed)


def _packing(cut: _Cut) -> _Packing:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(cut.literals[0])
    return _Packing(cut, packer, packed, zlib.crc32(cut.literals[0]))
