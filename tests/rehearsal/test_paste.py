"""The blocks of a paste form, and the variables that an operator sets in them."""

from pathlib import Path

import pytest

from mm365.errors import RehearsalError
from mm365.rehearsal.paste import blocks, variables, with_values
from mm365.rehearsal.shells import Job, OpenShell
from mm365.request.request import Request
from mm365.scripts.change import build_change
from mm365.scripts.paste_form import PASTE_FORMS
from mm365.scripts.rendering import render_paste_form

FIRST = (
    "& {\n    $WhatIf = $false  # why\n    $Since = ''  # as '2026-11-24'\n    # Text.\n    $WhatIf = $WhatIf -or $x\n}"
)
SECOND = "& {\n    $WhatIf = $false\n    'b'\n}"


def test_a_form_is_taken_apart_into_its_blocks() -> None:
    assert blocks(f"{FIRST}\n\n{SECOND}\n") == [FIRST, SECOND]
    assert blocks(f"{FIRST}\n") == [FIRST]


def test_only_what_stands_in_the_first_lines_is_set_and_its_reason_stays() -> None:
    assert variables(FIRST) == ("WhatIf", "Since")
    set_ = with_values(FIRST, {"WhatIf": True, "Since": r"it's \1"})
    assert set_ == FIRST.replace("$false  #", "$true  #").replace("''  #", r"'it''s \1'  #")


def test_a_variable_that_a_block_does_not_have_is_refused() -> None:
    with pytest.raises(RehearsalError, match=r"no variable \$Since"):
        with_values(SECOND, {"Since": "x"})


def test_every_form_has_its_variables_in_the_first_lines_of_a_block(valid_request: Request) -> None:
    change = build_change(valid_request)
    for form in PASTE_FORMS.values():
        found = {name for block in blocks(render_paste_form(form, change).text) for name in variables(block)}
        assert set(form.variables) <= found, form.path


@pytest.mark.powershell
@pytest.mark.parametrize(
    ("text", "code"),
    [("'done'", 0), ("throw 'no'", 1), ("throw 'WAITING until 2026-11-24 10:15 (UTC).'", 2), ("throw 'waiting'", 1)],
)
def test_how_a_block_ended_is_read_from_its_error(text: str, code: int, pwsh: str, tmp_path: Path) -> None:
    shell = OpenShell(pwsh, "paste")
    try:
        block = f"& {{\n    trap {{ Write-Host 'STOPPED.'; break }}\n    {text}\n}}\n"
        for _ in range(2):
            assert shell.run(Job(path=tmp_path, text=block, environment={})).exit_code == code
        assert shell.run(Job(path=tmp_path, text="'again'", environment={})).exit_code == 0
    finally:
        shell.discard()
