"""Zip archives put together by hand, so that what a member says of itself and what it is may differ."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

DEFLATED, STORED = 8, 0


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its name as bytes, its contents, what local header and directory say of it (None: the truth)."""

    name: bytes
    content: bytes
    method: int = DEFLATED
    flags: int = 0
    packed: bytes | None = None
    local_name: bytes | None = None
    local_size: int | None = None
    local_packed_size: int | None = None
    central_size: int | None = None
    central_offset: int | None = None
    crc: int | None = None

    @property
    def stored_bytes(self) -> bytes:
        if self.packed is not None:
            return self.packed
        return deflated(self.content) if self.method == DEFLATED else self.content


def deflated(content: bytes) -> bytes:
    """A raw deflate stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def zeros_deflated(megabytes: int) -> bytes:
    """A raw deflate stream of so many megabytes of zeros, made without holding them."""
    packer, block = zlib.compressobj(9, zlib.DEFLATED, -15), bytes(2**20)
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


def of(parts: dict[str, bytes]) -> list[Member]:
    """The members of an honest archive."""
    return [Member(name.encode(), content) for name, content in parts.items()]


def build(members: Sequence[Member], comment: bytes = b"", shift: int = 0) -> bytes:
    """The archive of these members; `shift` is added to every offset, for archives with something before them."""
    body, directory = b"", b""
    for member in members:
        packed, offset = member.stored_bytes, len(body) + shift
        crc = zlib.crc32(member.content) if member.crc is None else member.crc
        local_name = member.name if member.local_name is None else member.local_name
        local_size = len(member.content) if member.local_size is None else member.local_size
        local_packed = len(packed) if member.local_packed_size is None else member.local_packed_size
        body += b"PK\3\4" + struct.pack(
            "<5H3I2H", 20, member.flags, member.method, 0, 33, crc, local_packed, local_size, len(local_name), 0
        )
        body += local_name + packed
        size = len(member.content) if member.central_size is None else member.central_size
        at = offset if member.central_offset is None else member.central_offset
        directory += b"PK\1\2" + struct.pack(
            "<6H3I5H2I", 20, 20, member.flags, member.method, 0, 33, crc, len(packed), size, len(member.name),
            0, 0, 0, 0, 0, at,
        )  # fmt: skip
        directory += member.name
    return body + directory + end_record(len(members), len(directory), len(body) + shift, comment)


def end_record(members: int, size: int, offset: int, comment: bytes = b"") -> bytes:
    """The record at an archive's end."""
    return b"PK\5\6" + struct.pack("<4H2IH", 0, 0, members, members, size, offset, len(comment)) + comment
