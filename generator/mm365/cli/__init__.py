"""The command line. Each command parses, calls one function and prints."""

import gc

# Imports and compiled templates are many objects that stay: looking for garbage among them takes a tenth of a command's
# time. This is the first module of the package that the command imports.
gc.set_threshold(1_000_000, 50, 50)
