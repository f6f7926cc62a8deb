"""`python -m toolkit` is the command `gouji`."""

from toolkit.cli import main

main()
