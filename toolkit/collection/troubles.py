"""Why a ledger cannot be read or written, in a sentence with a way out."""

import sqlite3

_TROUBLES = {
    sqlite3.SQLITE_FULL: ("磁盘已满，台账没有写成", "请腾出空间后再做一次；此前登记的都还在。"),
    sqlite3.SQLITE_READONLY: ("台账所在的文件夹写不进去", "请检查文件夹的权限，或把整个收集任务复制到能写的地方。"),
    sqlite3.SQLITE_CANTOPEN: ("台账打不开", "请检查文件夹的权限、磁盘满没满。"),
    sqlite3.SQLITE_BUSY: ("台账正被别的程序占用", "请等它做完再试。"),
    sqlite3.SQLITE_IOERR: ("读写台账时磁盘出错", "请检查磁盘满没满、有没有断开，再做一次；此前登记的都还在。"),
    sqlite3.SQLITE_NOTADB: ("台账文件不是台账", "请从备份恢复 ledger.sqlite3。"),
    sqlite3.SQLITE_CORRUPT: ("台账文件已损坏", "请从备份恢复 ledger.sqlite3；收件原件在 received 文件夹里。"),
}
_OTHERWISE = ("台账用不了", "请检查磁盘，或从备份恢复 ledger.sqlite3。")


class LedgerError(Exception):
    """The ledger cannot be used: a sentence and a way out. What was acknowledged before is safe."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def trouble_of(error: sqlite3.Error) -> LedgerError:
    """What an error of the database means to a clerk."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest its detail
    message, hint = _TROUBLES.get(code, _OTHERWISE)
    return LedgerError(message, hint)
