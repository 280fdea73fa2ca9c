"""``python -m locality.cli``: the same program."""

from locality.cli import main

main()
