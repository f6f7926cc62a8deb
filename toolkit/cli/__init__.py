"""The command `gouji`: parse, call one library function, print, exit."""

import io
import sys


def main() -> None:
    """Run the command; what it is called with comes from the process."""
    from toolkit.cli.words import speak_chinese

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a GBK console has no emoji: better a ? than a traceback
    speak_chinese()  # before any command is declared: click looks some of its words up then
    from toolkit.cli.commands import gouji

    gouji(prog_name="gouji")
