"""Where the files are that come with the package: its templates and its notebooks."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped_folder(name: str) -> Path:
    """The folder ``templates`` or ``notebooks``: inside the package in a wheel, at top level in a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parents[1] / name


SCHEMAS = _PACKAGE / "schemas"
"""The folder with the JSON Schemas of what commands print with ``--json``, each named for its format."""
