"""A block of a paste form is plain PowerShell: it runs in constrained language mode, and an administrator can read it."""

from collections.abc import Iterator

import pytest

from tests.syntax.calls import calls, is_exchange
from tests.syntax.pasted import FORBIDDEN, LISTED_WHOLE
from tests.syntax.tree import Description, File
from tests.syntax.values import constant

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("syntax")]

def found(what: str, file: File) -> Iterator[str]:
    return (unit.place(node) for unit in file.units for node in unit.tree.walk() if FORBIDDEN[what](node))


def pasted(described: Description) -> list[File]:
    return [file for file in described.scripts if file.is_pasted]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_block_has(described: Description, what: str) -> None:
    assert [place for file in pasted(described) for place in found(what, file)] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_a_block_may_not_have_is_seen(described: Description, what: str) -> None:
    assert len(list(found(what, described.snippet(f"pasted {what}")))) >= 1


def cut_lists(file: File) -> list[str]:
    """The lists that are not asked for whole."""
    return [
        unit.place(call.node)
        for unit, call in calls(file)
        if is_exchange(call) and call.name.startswith("Get-") and call.name not in LISTED_WHOLE
        if [constant(node) for node in call.given("ResultSize")] != ["Unlimited"]
    ]


def test_every_list_is_asked_for_whole(described: Description) -> None:
    """80-trace says when there was more: the service gives no more than 5,000 messages."""
    scripts = [file for file in described.scripts if not file.name.endswith("80-trace.ps1")]
    assert [place for file in scripts for place in cut_lists(file)] == []


def test_a_list_that_is_not_asked_for_whole_is_seen(described: Description) -> None:
    assert len(cut_lists(described.snippet("pasted a cut list"))) == 2


def test_a_block_looks_for_the_right_tenant_before_it_does_anything(described: Description) -> None:
    """The connection and the accepted domains come first, and what is wrong is thrown before the next call."""
    for file in pasted(described):
        names = [call.name for _, call in calls(file) if is_exchange(call)]
        assert names[:2] == ["Get-ConnectionInformation", "Get-AcceptedDomain"], file.name
        assert names.count("Get-ConnectionInformation") == names.count("Get-AcceptedDomain") == 1, file.name
        places = [place for place, unit in enumerate(file.block) for call in unit.tree.all("Command") if call.value in names]
        stops = [place for place, unit in enumerate(file.block) if unit.tree.all("ThrowStatement")]
        third = sorted(set(places))[2]
        assert len([stop for stop in stops if places[0] < stop < third]) >= 3, file.name
