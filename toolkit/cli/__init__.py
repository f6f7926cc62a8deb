"""The command `gouji`: parse, call one library function, print, exit."""

import io
import os
import sys


def main() -> None:
    """Run the command; what it is called with comes from the process."""
    try:
        _run()
    except KeyboardInterrupt:  # before click took over
        sys.exit("\n已中止！")
    except OSError as error:
        from toolkit.workbook.saving import reason

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what could not be printed is not tried again
        sys.stderr.write(f"错误：结果没有输出完：{reason(error)}。\n请换一个地方输出，再运行一次。\n")
        sys.exit(2)


def _run() -> None:
    from toolkit.cli.words import speak_chinese

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a GBK console has no emoji: better a ? than a traceback
    speak_chinese()  # before any command is declared: click looks some of its words up then
    from toolkit.cli.commands import gouji

    gouji(prog_name="gouji")
