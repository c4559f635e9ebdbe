"""A block of a paste form is plain PowerShell: it runs in constrained language mode, and can be read."""

from collections.abc import Iterator

import pytest

from tests.syntax.calls import calls, is_exchange
from tests.syntax.pasted import FORBIDDEN, LISTED_WHOLE
from tests.syntax.scripts import PACKS, change_of
from tests.syntax.tree import Description, File
from tests.syntax.values import constant, values_of

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
        places = [
            place for place, unit in enumerate(file.block) for call in unit.tree.all("Command") if call.value in names
        ]
        stops = [place for place, unit in enumerate(file.block) if unit.tree.all("ThrowStatement")]
        third = sorted(set(places))[2]
        assert len([stop for stop in stops if places[0] < stop < third]) >= 3, file.name


ROUTE = "RouteMessageOutboundConnector"
COMPARED_APART: dict[str, set[str]] = {
    "Inbound": set(),
    "Outbound": set(),
    "LoopCheck": {"Enabled"},
    "Redirect": {"Enabled", ROUTE},
}
"""What a form compares elsewhere: whether a rule is on, which reads back as its State; a route by name or Guid."""


def forgotten(described: Description) -> Iterator[str]:
    """The settings that a table in a paste form lacks, or has with another value than the integration."""
    for pack, values in PACKS.items():
        wanted = {each.key: each.values for each in change_of(values).integration.objects}
        for file in (file for file in pasted(described) if file.name.startswith(f"{pack}/")):
            for key, settings in wanted.items():
                held = {name: [constant(node) for node in nodes] for name, nodes in values_of(file).table(key).items()}
                for name, value in settings.items() if held else ():
                    # One text is the same as a list of it when it is compared.
                    expected = [list(value), *value] if isinstance(value, tuple) else [value]
                    found = held.get(name.lower(), [])
                    if not (found and found[0] in expected) and not (not found and name in COMPARED_APART[key]):
                        yield f"{file.name}: {key} has {found} for {name}"


def test_every_table_in_a_paste_form_has_every_setting(described: Description) -> None:
    """Both those that create and those that compare are made from the integration."""
    assert list(forgotten(described)) == []


def test_each_object_is_in_a_form_that_creates_and_in_forms_that_compare(described: Description) -> None:
    pack = next(iter(PACKS))
    files = [file for file in pasted(described) if file.name.startswith(f"{pack}/")]
    for key in COMPARED_APART:
        assert len([file for file in files if values_of(file).table(key)]) >= 3, key
