"""A pack on disk: written whole or not at all. The only writer."""

import contextlib
import json
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from mm365.errors import OutputError
from mm365.pack.contents import MANIFEST, STATE, Pack
from mm365.request.request import Request


def usual_folder(request: Request) -> Path:
    """Where a pack goes when nobody says where: ``output/<tenant>-<region>``."""
    return Path("output") / f"{request.tenant}-{request.region.code}"


def default_folder(request: Request) -> Path:
    """The usual folder; ``output`` itself is made where it is not there yet. Raises OutputError."""
    folder = usual_folder(request)
    parent = folder.parent
    try:
        parent.mkdir(exist_ok=True)
    except OSError as error:
        problem = f"cannot be made: {error.strerror}"
        raise OutputError(problem, "choose another folder", field="output", value=parent) from error
    return folder


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C until what is written is whole, and then let it through: it takes less than a second."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if held:
            signal.raise_signal(signal.SIGINT)


@_uninterrupted()
def write_pack(pack: Pack, target: Path, *, overwrite: bool = False) -> None:
    """Write a pack as a new folder, whole or not at all.

    An existing folder is left alone unless ``overwrite``, and then replaced whole, but for ``state/``, in which
    its scripts noted what rollback needs. Only an empty folder or a pack is ever replaced. Raises OutputError.
    """
    _check_target(target, overwrite=overwrite)
    with _as_output_error(target):
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        with _as_output_error(target):
            fresh = beside / "new"
            for path, data in pack.files.items():
                _write_new(fresh / path, data)
            _put_in_place(fresh, target, beside / "old")
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def check_new(path: Path, *, field: str = "output") -> None:
    """Raises OutputError if something is there already; ``field`` is the option that ``path`` was given for."""
    if path.exists() or path.is_symlink():
        raise OutputError("is there already", "choose another name, or remove it", field=field, value=path)


@_uninterrupted()
def write_file(path: Path, data: bytes, *, field: str = "output") -> None:
    """Write one file, whole or not at all; an existing one is left alone. Raises OutputError: see ``check_new``."""
    check_new(path, field=field)
    with _as_output_error(path, field):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.chmod(0o666 & ~_umask())
            _move_to_free_place(beside, path)
        finally:
            beside.unlink(missing_ok=True)


def _move_to_free_place(beside: Path, path: Path) -> None:
    try:
        # A link fails where a file has come up in the meantime; a rename would replace it.
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems have no links.
        beside.rename(path)


def _check_target(target: Path, *, overwrite: bool) -> None:
    another = "choose another folder"
    if not target.parent.is_dir():
        problem = f"cannot be made: {target.parent} is not a folder"
        raise OutputError(problem, f"create that, or {another}", field="output", value=target)
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise OutputError("is there already and is not a folder", another, field="output", value=target)
    if not target.exists():
        return
    if not overwrite:
        remedy, options = f"{another}, or have the pack replaced", ("overwrite",)
        raise OutputError("is there already", remedy, field="output", value=target, options=options)
    if any(target.iterdir()) and not _is_pack(target):
        problem = "holds other things than a pack, so it is not replaced"
        raise OutputError(problem, another, field="output", value=target)


def _is_pack(folder: Path) -> bool:
    """Whether the folder holds a manifest of ours; many other things have a manifest.json."""
    try:
        return bool(json.loads((folder / MANIFEST).read_bytes())["format"] == "mm365-pack-1")
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return False


def _put_in_place(fresh: Path, target: Path, old: Path) -> None:
    """Move ``fresh`` to ``target``; what is there goes to ``old`` first, and comes back if that fails."""
    if not target.exists():
        fresh.rename(target)
        return
    if (target / STATE).is_dir():
        shutil.copytree(target / STATE, fresh / STATE, symlinks=True)
    target.rename(old)
    try:
        fresh.rename(target)
    except BaseException:
        old.rename(target)
        raise


def _write_new(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _as_output_error(path: Path, field: str = "output") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        problem = f"cannot be written: {error.strerror or error}"
        raise OutputError(problem, "nothing was left behind", field=field, value=path) from error


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
