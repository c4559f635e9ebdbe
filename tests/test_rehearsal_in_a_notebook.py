"""A rehearsal from a notebook, without a browser: what is chosen, what came of it, how it is stopped."""

import hashlib
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

import pytest

from mm365.integration.risks import RISKS
from mm365.notebook.rehearsal import BACKUP, STOPPED, NotebookRehearsal, PackToRehearse
from mm365.notebook.rehearsal_tables import rehearsed
from mm365.notebook.walkthrough import Walkthrough
from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.rehearsal.options import read_options
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.progress import Progress
from mm365.rehearsal.promises import Breach, Promise
from mm365.rehearsal.rehearsal import Result, rehearse
from mm365.rehearsal.shells import Abandoned
from mm365.rehearsal.stages import stages_of
from mm365.request.request import build_request
from mm365.scripts.change import build_change
from tests.commands import HEADER_ID, VALUES
from tests.processes import working_in

NOT_YET = "no pack yet"
CHANGE = build_change(build_request(VALUES, needs=()))
FINGERPRINT = build_pack(CHANGE).fingerprint
STAGES = stages_of(CHANGE, "file")


def desk(folder: Path) -> NotebookRehearsal:
    """A rehearsal of the pack in a folder."""
    return NotebookRehearsal(lambda: PackToRehearse(folder=folder, fingerprint=FINGERPRINT), lambda: NOT_YET)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> PackToRehearse:
    """A pack that several tests rehearse."""
    made = build_pack(build_change(build_request(VALUES, needs=())))
    folder = tmp_path_factory.mktemp("pack") / "pack"
    write_pack(made, folder)
    return PackToRehearse(folder=folder, fingerprint=made.fingerprint)


@dataclass(frozen=True)
class Done:
    """A rehearsal that ended, what was told meanwhile, and the pack in question, which a test may change."""

    rehearsal: NotebookRehearsal
    told: list[str]
    now: list[PackToRehearse | None]

    @property
    def result(self) -> Result:
        """What came of it."""
        assert self.rehearsal.result is not None, self.rehearsal.problem
        return self.rehearsal.result


@pytest.fixture(scope="module")
def done(pwsh: str, pack: PackToRehearse) -> Done:  # noqa: ARG001 - it decides whether there is one
    """The way through with one kind of fault."""
    now: list[PackToRehearse | None] = [pack]
    rehearsal = NotebookRehearsal(lambda: now[0], lambda: NOT_YET)
    rehearsal.choose(faults="differs", way="file")
    told: list[str] = []
    rehearsal.changed = lambda: told.append(rehearsal.now)
    rehearsal.start()
    rehearsal.wait()
    return Done(rehearsal, told, now)


def stored(found: Result) -> int:
    """How many calls stored settings: each of these is tried with the fault of the fixture."""
    calls = (call for run in found.ways[0].stages if not run.stage.again for call in run.changes)
    return sum(call["cmdlet"].startswith(("New-", "Set-")) for call in calls)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process keeps what is temporary, so that it can be seen what stays."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_nothing_can_be_rehearsed_before_there_is_a_pack() -> None:
    rehearsal = NotebookRehearsal(lambda: None, lambda: NOT_YET)
    assert (rehearsal.obstacle, rehearsal.command) == (NOT_YET, "")
    rehearsal.start()
    assert not rehearsal.running


def test_walk_has_a_pack_when_it_is_written_and_its_values_are_still_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run_stages = Walkthrough()
    for risk in RISKS:
        run_stages = run_stages.tick(risk.key)
    assert (run_stages.written, list(tmp_path.iterdir())) == (None, [])
    written = run_stages.write()
    assert run_stages.written == PackToRehearse(folder=written.folder, fingerprint=written.fingerprint)
    assert Walkthrough().written == run_stages.written, "a pack that is there from another day"
    assert run_stages.enter("change", "other").written is None
    assert run_stages.enter("tenant", "no domain").written is None
    assert run_stages.in_folder("a\0b").written is None


def test_a_backup_is_needed_where_it_is_what_to_start_from() -> None:
    rehearsal = desk(Path("pack"))
    rehearsal.choose(tenant=BACKUP)
    assert rehearsal.obstacle.startswith("Give the file that 20-backup wrote")
    rehearsal.choose(backup=" a b.json ", faults="all")
    assert rehearsal.obstacle == ""
    assert shlex.split(rehearsal.command) == [
        "mm365", "rehearse", "pack", "--tenant-state", "a b.json", "--faults", "all",
    ]  # fmt: skip


@pytest.mark.powershell
@pytest.mark.xdist_group("rehearsal")
def test_what_came_of_it_is_there_when_it_ends(done: Done, pack: PackToRehearse) -> None:
    rehearsal, told, found = done.rehearsal, done.told, done.result
    cases = stored(found)
    assert (found.held, found.fingerprint, len(found.outcomes)) == (True, pack.fingerprint, cases)
    assert (rehearsal.running, rehearsal.now, rehearsal.problem, rehearsal.note) == (False, "", "", "")
    assert told[0].startswith("Reading the pack")
    assert told[1] == f"The way through. 1 of {len(STAGES)} done, the last was 10-preflight"
    assert told[-2].startswith(f"Faults: none broken so far. {cases} of {cases} done, the last was ")


@pytest.mark.powershell
@pytest.mark.xdist_group("rehearsal")
def test_result_is_shown_for_its_own_pack_and_for_no_other(pack: PackToRehearse, done: Done) -> None:
    found = done.result
    for other in (None, replace(pack, fingerprint="1")):
        done.now[0] = other
        assert done.rehearsal.result is None
        assert done.rehearsal.note == f"What was rehearsed is another pack, with the fingerprint {pack.fingerprint}."
    done.now[0] = pack
    assert done.result is found


@pytest.mark.powershell
@pytest.mark.xdist_group("rehearsal")
def test_tables_hold_the_verdict_the_way_and_every_case(done: Done) -> None:
    found = done.result
    shown = unescape(rehearsed(found))
    cases = stored(found)
    assert f"All held: {cases} cases, {cases} held, 0 broken" in shown
    assert "No tenant was touched." in shown
    assert all(run.stage.command in shown for run in found.ways[0].stages)
    assert "BROKEN" not in shown
    assert HEADER_ID not in shown


@pytest.mark.powershell
@pytest.mark.xdist_group("rehearsal")
def test_every_broken_case_is_shown_with_its_promise_and_cannot_draw_on_the_page(
    done: Done,
) -> None:
    found = done.result
    breach = Breach(promise=Promise.BYSTANDERS, text="<b>rule</b> is gone")
    shown = rehearsed(replace(found, outcomes=tuple(replace(one, breaches=(breach,)) for one in found.outcomes)))
    cases = stored(found)
    assert f"NOT all held: {cases} cases, 0 held, {cases} broken" in shown
    assert f"0, {cases} BROKEN" in shown
    assert "<b>rule" not in shown
    for outcome in found.outcomes:
        assert f"--fault {outcome.case.name}" in shown
    assert shown.count("&lt;b&gt;rule&lt;/b&gt; is gone") == shown.count(Promise.BYSTANDERS.value) == cases


@pytest.mark.powershell
def test_altered_pack_and_missing_backup_are_told_and_forgotten_when_something_else_is_chosen(
    pack_folder: Path,
) -> None:
    rehearsal = desk(pack_folder)
    rehearsal.choose(tenant=BACKUP, backup=str(pack_folder / "none.json"))
    rehearsal.start()
    rehearsal.wait()
    assert "none.json cannot be read: No such file" in rehearsal.problem
    rehearsal.choose(tenant="empty")
    assert rehearsal.problem == ""
    (pack_folder / "scripts" / "30-create.ps1").write_text("Remove-Mailbox *")
    rehearsal.start()
    rehearsal.wait()
    assert "is not what was generated (scripts/30-create.ps1 is changed)" in rehearsal.problem
    assert (rehearsal.result, rehearsal.running) == (None, False)


def test_pack_that_took_the_place_of_the_one_that_was_looked_at_is_not_run(pack_folder: Path) -> None:
    rehearsal = desk(pack_folder)
    other = build_pack(build_change(build_request({**VALUES, "change": "other"}, needs=())))
    write_pack(other, pack_folder, overwrite=True)
    rehearsal.start()
    rehearsal.wait()
    assert rehearsal.problem == f"{pack_folder} holds another pack by now; look at it first."


@pytest.mark.notebook
def test_approver_runs_no_scripts_but_those_that_are_known(pack_folder: Path) -> None:
    pytest.importorskip("ipywidgets")
    from mm365.notebook.review_screen import start  # noqa: PLC0415 - it may not be installed

    assert start(str(pack_folder)).rehearsal.obstacle == ""
    script = pack_folder / "scripts" / "10-preflight.ps1"
    text = script.read_bytes() + b"Remove-Item -Recurse ~\n"
    manifest = pack_folder / "manifest.json"
    was, is_ = (hashlib.sha256(data).hexdigest() for data in (script.read_bytes(), text))
    forged = manifest.read_text().replace(was, is_).replace("mailmarshal-m365 ", "mailmarshal-m365 9")
    script.write_bytes(text)
    manifest.write_text(forged, newline="\n")
    review = start(str(pack_folder))
    assert review.review is not None
    assert review.review.report.rendered_again is None
    assert "more than values differs" in review.rehearsal.obstacle


def test_without_powershell_it_says_what_to_install(pack_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MM365_PWSH", raising=False)
    monkeypatch.setenv("PATH", str(pack_folder))
    rehearsal = desk(pack_folder)
    rehearsal.start()
    rehearsal.wait()
    assert rehearsal.problem == (
        "There is no PowerShell: neither pwsh nor powershell is on the PATH; install PowerShell 7 "
        "(https://aka.ms/install-powershell), or set MM365_PWSH to where it is. Then start the notebook again."
    )


@pytest.mark.powershell
def test_stopped_on_the_way_it_leaves_no_process_and_no_folder(pack_folder: Path, temporary: Path) -> None:
    rehearsal = desk(pack_folder)
    begun = threading.Event()
    rehearsal.changed = lambda: begun.set() if rehearsal.progress else None
    rehearsal.start()
    assert begun.wait(60)
    assert working_in(temporary) != []
    asked = time.monotonic()
    rehearsal.stop()
    rehearsal.wait()
    assert time.monotonic() - asked < 5
    assert (rehearsal.note, rehearsal.problem, rehearsal.result) == (STOPPED, "", None)
    assert (working_in(temporary), list(temporary.iterdir())) == ([], [])


@pytest.mark.powershell
def test_stopped_amid_the_faults_it_leaves_no_process_and_no_folder(pack_folder: Path, temporary: Path) -> None:
    stop = threading.Event()

    def tell(progress: Progress) -> None:
        if progress.faults:
            assert working_in(temporary) != []
            stop.set()

    options = read_options(pack=pack_folder, faults="differs", way="call")
    pool = Pool(options.program, stop)
    with pytest.raises(Abandoned):
        rehearse(options, tell, pool)
    pool.close()
    assert (working_in(temporary), list(temporary.iterdir())) == ([], [])


@pytest.mark.powershell
@pytest.mark.parametrize("amid_faults", [False, True], ids=["on the way through", "amid the faults"])
def test_kernel_that_ends_meanwhile_leaves_no_process_and_no_folder(
    amid_faults: bool, pack_folder: Path, temporary: Path
) -> None:
    # What is registered with atexit runs when all threads have ended.
    program = f"""
import atexit, sys, tempfile, threading
from pathlib import Path
from mm365.notebook.rehearsal import NotebookRehearsal, PackToRehearse
tempfile.tempdir = {str(temporary)!r}
pack = PackToRehearse(folder=Path({str(pack_folder)!r}), fingerprint={FINGERPRINT!r})
rehearsal = NotebookRehearsal(lambda: pack, lambda: "")
rehearsal.choose(faults={"all" if amid_faults else ""!r}, way="call")
begun = threading.Event()
def changed():
    at = rehearsal.progress
    if not rehearsal.running or at and at.faults == {amid_faults}:
        begun.set()
rehearsal.changed = changed
atexit.register(lambda: print(rehearsal.note))
rehearsal.start()
begun.wait()
sys.exit(0 if rehearsal.running else rehearsal.problem or "it ended too early")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{STOPPED}\n", "")
    assert (working_in(temporary), list(temporary.iterdir())) == ([], [])
