"""Runs every fault at every call of every script and form; the loop guard and the tenant take turns.

python -m tests.every_fault            each fault at each call once: see below
python -m tests.every_fault --all      under each guard, from each tenant, in each way of running (a kill: in one way)

Without --all each case is run under one of the three loop guards and from the empty or the busy tenant, in turn; that
of a script also in turn as a file or called. These change from one case to the next. Scripts and forms make the same
calls, write files at the same ones and have the same cases under every guard, from every tenant and in both ways of
running scripts. That is checked, for a case could be left out otherwise.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.rehearsal.beginning import BUSY, EMPTY
from mm365.rehearsal.cases import Turns, trace
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.faults import MEANINGS, cases_of
from mm365.rehearsal.outcomes import Counts, RunThrough
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.program import find_shell
from mm365.rehearsal.rehearsal import Options, Result, rehearse
from mm365.rehearsal.shells import WAYS
from mm365.rehearsal.summary import breakages, matrix
from mm365.request.request import LoopGuard, build_request
from mm365.scripts.change import build_change
from tests.commands import VALUES
from tests.exchange.engine import find_pwsh


def rehearse_all(pool: Pool, program: str, folder: Path, *, complete: bool) -> Iterator[Result]:
    """Six rehearsals, with the shells of one pool."""
    for number, guard in enumerate(LoopGuard):
        pack = folder / guard.value
        write_pack(build_pack(build_change(build_request({**VALUES, "loop_guard": guard.value}, needs=()))), pack)
        for place, tenant in enumerate((EMPTY, BUSY)):
            yield rehearse(
                Options(
                    pack=pack,
                    program=program,
                    ways=WAYS,
                    tenant=tenant,
                    kinds=tuple(MEANINGS),
                    turns=Turns() if complete else Turns(first=0, part=(2 * number + place, 6)),
                ),
                pool=pool,
            )


def differing_ways(rehearsals: list[Result]) -> list[str]:
    """The ways through with other calls, files or cases than the first, among the scripts and among the forms.

    Cases take turns by their numbers, so one could be left out if they were not the same everywhere.
    """
    first: dict[bool, object] = {}
    return [
        f"{done.request.loop_guard.value}, {done.options.tenant}, {through.way}: other calls or cases than the first"
        for done in rehearsals
        for through in done.ways
        if (seen := (trace(through), case_names(done, through))) != first.setdefault(through.way == "paste", seen)
    ]


def case_names(done: Result, through: RunThrough) -> list[str]:
    """All cases of a way through, in the order in which they take turns."""
    comparison = Comparison(done.change.integration)
    tried = [run for run in through.stages if not run.stage.again]
    return [case.name for run in tried for case in cases_of(run, comparison, tuple(MEANINGS))]


def main() -> int:
    """Run all, print a line for each rehearsal and the matrix of all; exit code 1 if anything broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.every_fault", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--all", action="store_true", help="every combination")
    complete = parser.parse_args().all
    program = find_shell(find_pwsh() or "")
    pool = Pool(program)
    begun = time.monotonic()
    done: list[Result] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            for one in rehearse_all(pool, program, Path(folder), complete=complete):
                done.append(one)
                verdict = "held" if one.held else "BROKEN"
                guard = one.request.loop_guard.value
                said = f"{guard:<15} {one.options.tenant:<6} {len(one.outcomes):>5} cases, {len(one.broken)} broken"
                sys.stdout.write(f"{said}; {one.runs} runs in {one.seconds:.0f} s: {verdict}\n")
                sys.stdout.flush()
        finally:
            pool.close()
    problems = [text for one in done for text, _ in breakages(one)] + differing_ways(done)
    lines = [text for text, _ in matrix(Counts([outcome for one in done for outcome in one.outcomes]))]
    cases = sum(len(one.outcomes) for one in done)
    lines += [*problems, f"{cases} cases in {time.monotonic() - begun:.0f} s"]
    sys.stdout.write("\n".join(lines) + "\n")
    return int(bool(problems) or not all(one.held for one in done))


if __name__ == "__main__":
    sys.exit(main())
