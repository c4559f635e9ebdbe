"""The command that copies a notebook and opens it: notebook."""

from pathlib import Path
from typing import Annotated

import typer


def _names() -> list[str]:
    from mm365.notebook.shipped import NOTEBOOKS

    return list(NOTEBOOKS)


def notebook(
    name: Annotated[
        str, typer.Argument(metavar="[walkthrough|review|loop]", help="Which notebook.", autocompletion=_names)
    ] = "",
    list_: Annotated[bool, typer.Option("--list", help="List the notebooks, and stop.")] = False,
    no_start: Annotated[bool, typer.Option("--no-start", help="Only copy it; start nothing.")] = False,
    allow_root: Annotated[
        bool, typer.Option("--allow-root", help="Let JupyterLab run as root, which it refuses otherwise.")
    ] = False,
) -> None:
    """Copy a notebook to this folder and open it in JupyterLab.

    A notebook that is there already is opened as it is, never replaced. JupyterLab comes with the
    extra: pip install -e '.[notebook]' in a checkout, or pip install './FILE.whl[notebook]'.

    \b
    Examples:
      mm365 notebook walkthrough
      mm365 notebook review --no-start
      mm365 notebook loop
      mm365 notebook --list
    """
    from mm365.display import quoted
    from mm365.documents.terminal import table_lines
    from mm365.notebook.shipped import NOTEBOOKS, check_extra, check_user, copy_notebook, start_jupyterlab

    if list_:
        typer.echo("\n".join(table_lines(list(NOTEBOOKS.items()))))
        return
    if name not in NOTEBOOKS:
        wrong = f"{quoted(name)} is not a notebook" if name else "No notebook is named"
        raise typer.BadParameter(f"{wrong}; use one of {', '.join(NOTEBOOKS)}.")
    if not no_start:
        check_extra()
        check_user(allow_root=allow_root)
    file, copied = copy_notebook(name, Path())
    typer.echo(f"Copied: {file}" if copied else f"Left as it is: {file} is there already.", err=True)
    if not no_start:
        raise typer.Exit(start_jupyterlab(file, allow_root=allow_root))


COMMANDS = {"notebook": notebook}
