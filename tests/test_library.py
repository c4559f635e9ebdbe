"""The shared functions know the article and the catalogue as the Python tables do: what they repeat is held to them."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mm365.exchange.kinds import Kind
from mm365.exchange.parameters import MAY_BE_SET, catalogue, must_not_be_set
from mm365.integration.article import build_integration
from mm365.request.request import Request
from mm365.scripts import library
from mm365.scripts.article_part import article_part
from mm365.scripts.library import ARTICLE, SETTINGS, settings_part
from tests.commands import CHECKOUT
from tests.syntax.scripts import PACKS, request_of

LIBRARY = CHECKOUT / "templates" / "library"
READ = """
param([string] $Shared, [string] $Requests, [string] $Answer)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $Shared
$all = foreach ($given in (ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($Requests)))) {
    # As a script gives it: a table.
    $request = @{}
    foreach ($property in $given.PSObject.Properties) { $request[$property.Name] = [string]$property.Value }
    , (Get-ArticleObject -Request $request)
}
$made = [ordered]@{ articles = @($all); unset = $MustNotBeSet }
[IO.File]::WriteAllText($Answer, (ConvertTo-Json -InputObject $made -Depth 6))
"""


@pytest.fixture(scope="module")
def read(pwsh: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a real engine makes of the article's part for each pack, and of the part with the settings."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "shared.ps1").write_text(library.shared_functions(), "ascii")
    (folder / "read.ps1").write_text(READ, "ascii")
    given = [as_a_script_gives_it(request_of(values)) for values in PACKS.values()]
    (folder / "requests.json").write_text(json.dumps(given), "ascii")
    command = [pwsh, "-NoProfile", "-NonInteractive", "-File", str(folder / "read.ps1")]
    for name, file in (("Shared", "shared.ps1"), ("Requests", "requests.json"), ("Answer", "answer.json")):
        command += [f"-{name}", str(folder / file)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    loaded: dict[str, Any] = json.loads((folder / "answer.json").read_text("utf-8-sig"))
    return loaded


def as_a_script_gives_it(request: Request) -> dict[str, str]:
    """The names under which a script hands over its request: the first letter of each word is a capital."""
    return {"".join(word.title() for word in name.split("_")): value for name, value in request.as_dict().items()}


@pytest.mark.powershell
def test_the_article_in_the_shared_functions_is_that_of_the_integration(read: dict[str, Any]) -> None:
    """For every region and loop guard: the same objects under the same keys, in the order in which they are created."""
    assert len(read["articles"]) == len(PACKS)
    for values, article in zip(PACKS.values(), read["articles"], strict=True):
        objects = build_integration(request_of(values)).objects
        assert list(article) == [each.key for each in objects], values
        for each in objects:
            found = article[each.key]
            wanted = {name: list(value) if isinstance(value, tuple) else value for name, value in each.values.items()}
            assert found["Want"] == wanted, (values, each.key)
            assert (found["Kind"], found["Label"]) == (each.kind.value, each.label), values
            assert found["Title"] == f"{each.label} '{each.name}'", values


@pytest.mark.powershell
def test_the_settings_in_the_shared_functions_are_those_of_the_table(read: dict[str, Any]) -> None:
    assert {kind: tuple(names) for kind, names in read["unset"].items()} == {
        kind.value: must_not_be_set(kind) for kind in Kind
    }


@pytest.mark.parametrize("kind", Kind)
def test_every_parameter_of_a_kind_is_compared_or_stated_as_harmless(kind: Kind) -> None:
    """Nothing that a cmdlet can set is forgotten: with a new one in the catalogue the list grows by itself."""
    cmdlets = catalogue()["cmdlets"]
    known = {name for verb in ("New", "Set") for name in cmdlets[f"{verb}-{kind}"]["parameters"]}
    left = known - set(must_not_be_set(kind)) - set(MAY_BE_SET[kind])
    assert {name for name in left if not name.startswith("ExceptIf")} == {"Identity"}
    assert set(must_not_be_set(kind)).isdisjoint(MAY_BE_SET[kind])


def test_the_conditions_that_were_once_forgotten_are_in_the_list() -> None:
    assert {"MessageContainsDataClassifications", "DlpPolicy", "HasSenderOverride"} <= set(must_not_be_set(Kind.RULE))


def test_the_parts_that_are_made_from_tables_are_up_to_date() -> None:
    assert library.main(["--check"]) == 0, "run: python -m mm365.scripts.library"
    assert (LIBRARY / SETTINGS).read_bytes() == settings_part().encode("ascii")
    assert (LIBRARY / ARTICLE).read_bytes() == article_part().encode("ascii")


def test_a_part_that_is_out_of_date_is_told_and_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(library, "shipped_folder", lambda _: tmp_path)
    (tmp_path / "library").mkdir()
    for name in (SETTINGS, ARTICLE):
        (tmp_path / "library" / name).write_text("# old\n")
    assert library.main(["--check"]) == 1
    told = capsys.readouterr().out
    assert all(f"{name} is out of date; run: python -m mm365.scripts.library\n" in told for name in (SETTINGS, ARTICLE))
    assert library.main([]) == 0
    assert library.main(["--check"]) == 0


def test_the_shared_file_is_its_parts_in_their_order_and_a_line_that_names_the_release() -> None:
    parts = sorted(path.name for path in LIBRARY.iterdir() if path.is_file())
    assert all(name[:2].isdigit() and name.endswith(".ps1") for name in parts)
    head, _, rest = library.shared_functions().partition("\n")
    assert head.startswith("# ")
    assert rest == "".join((LIBRARY / name).read_text("ascii") for name in parts)
