"""`python -m oreva` is the command line."""

from oreva.cli.__main__ import main

main()
