"""Runs the command line: ``python -m mm365`` is the same as ``mm365``."""

from mm365.cli.main import main

if __name__ == "__main__":
    main()
