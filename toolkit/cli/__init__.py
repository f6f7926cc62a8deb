"""The command `gouji`: parse, call one library function, print, exit."""


def main() -> None:
    """Run the command; what it is called with comes from the process."""
    from toolkit.cli.words import speak_chinese

    speak_chinese()  # before any command is declared: click looks some of its words up then
    from toolkit.cli.commands import gouji

    gouji(prog_name="gouji")
