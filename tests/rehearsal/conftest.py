"""A pack, and rehearsals of it that several tests look at."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.rehearsal import Options, Result, rehearse
from mm365.rehearsal.report import render_report
from mm365.rehearsal.shells import WAYS
from mm365.request.request import Request, build_request
from mm365.scripts.change import build_change
from tests.commands import VALUES
from tests.rehearsal.reports import rehearsed, with_breaches, with_every_fault


@pytest.fixture(scope="session")
def request_of_pack() -> Request:
    return build_request(VALUES, needs=())


@pytest.fixture(scope="session")
def finished_pack(request_of_pack: Request, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rehearsed") / "pack"
    write_pack(build_pack(build_change(request_of_pack)), folder)
    return folder


@pytest.fixture(scope="session")
def pool(pwsh: str) -> Iterator[Pool]:
    """Shells that stay open from one test to the next."""
    shells = Pool(pwsh)
    yield shells
    shells.close()


@pytest.fixture(scope="session")
def clean(finished_pack: Path, pwsh: str, pool: Pool) -> Result:
    """The way through, in all three ways, on an empty tenant."""
    return rehearse(Options(pack=finished_pack, program=pwsh, ways=WAYS), pool=pool)


@pytest.fixture(scope="session")
def reported(pwsh: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """See ``reports.rehearsed``."""
    return rehearsed(pwsh, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="session")
def reported_broken(reported: Result) -> Result:
    """See ``reports.with_breaches``."""
    return with_breaches(reported)


@pytest.fixture(scope="session", params=["every fault", "broken", "without faults"])
def page(request: pytest.FixtureRequest, reported: Result, reported_broken: Result) -> bytes:
    """Reports that differ in what they show."""
    shown = {
        "every fault": with_every_fault(reported, broken=("differs",)),
        "broken": reported_broken,
        "without faults": replace(reported, outcomes=(), planned=0, ways=reported.ways[:1]),
    }
    return render_report(shown[request.param])
