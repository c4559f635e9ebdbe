"""What CONTRIBUTING promises of five changes: how many files are edited by hand, and that all else follows by itself.

Each change is made in a copy of the repository, as a contributor would make it. A piece that is forgotten fails a test
whose message names the place.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.commands import CHECKOUT, HEADER_ID, REQUEST, tree

PACKAGE = Path("generator", "mm365")
TEMPLATES = Path("templates")
COPIED = ("generator", "templates", "notebooks", "tests", "docs", ".github")
GENERATED = ("mm365.scripts.library", "mm365.notebook.build", "mm365.cli.reference", "tests.golden")
"""What writes files again that follow from others."""


@dataclass(kw_only=True)
class Copy:
    """A copy of the repository, and the files in it that were edited by hand."""

    folder: Path
    edited: set[str] = field(default_factory=set)

    def edit(self, path: Path, change: Callable[[str], str]) -> None:
        """Change a file, or make it if it is not there."""
        file = self.folder / path
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        after = change(before)
        assert after != before, path
        file.write_text(after, encoding="utf-8")
        self.edited.add(path.as_posix())

    def python(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run Python with the package of the copy."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder / "generator"), "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def mm365(self, *arguments: str) -> str:
        done = self.python("-m", "mm365", *arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def pack(self, **options: str) -> dict[str, str]:
        """The files of a pack that the copy makes, as texts."""
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.mm365("pack", *REQUEST, *words, "--output", "pack", "--overwrite")
        return {path: data.decode("utf-8") for path, data in tree(self.folder / "pack").items()}

    def write_what_is_generated(self) -> None:
        before = tree(self.folder)
        for module in GENERATED:
            done = self.python("-m", module)
            assert done.returncode == 0, done.stdout
        example = self.mm365("pack", "--print-request")
        (self.folder / TEMPLATES / "request.example.yaml").write_text(example, encoding="utf-8")
        made = {path for path, data in tree(self.folder).items() if before.get(path) != data}
        assert made.isdisjoint(self.edited), "what is edited by hand is not generated"

    def failing(self, *tests: str) -> str:
        """What pytest says of tests in the copy, one of which has to fail."""
        done = self.python("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *tests)
        assert done.returncode == 1, done.stdout
        return done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in COPIED:
        shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", *(path.name for path in CHECKOUT.glob("*.md"))):
        shutil.copy(CHECKOUT / name, folder / name)
    return Copy(folder=folder)


def before(mark: str, text: str) -> Callable[[str], str]:
    """Puts text before the first place of a mark."""

    def change(whole: str) -> str:
        assert mark in whole, mark
        return whole.replace(mark, text + mark, 1)

    return change


def anew(text: str) -> Callable[[str], str]:
    return lambda _: text


# ---- a region: one file


def add_region(copy: Copy) -> None:
    row = '        Region(code="nz", place="New Zealand"),\n'
    copy.edit(PACKAGE / "request" / "regions.py", before("    )\n}", row))


def test_a_region_is_a_row_in_one_file(copy: Copy) -> None:
    add_region(copy)
    assert len(copy.edited) == 1
    assert "nz " in copy.mm365("regions")
    assert re.search(r"--region +au\|eu\|us\|nz\b", copy.mm365("pack", "--help"))
    files = copy.pack(region="nz")
    for path in ("scripts/30-create.ps1", "paste/01-inbound-connector.txt", "paste/05-verify.txt", "change-request.md"):
        assert "*.nz.mailmarshal.cloud" in files[path], path
    assert "New Zealand" in files["change-request.md"]
    assert "New Zealand" in files["runbook.ipynb"]
    assert "New Zealand" in copy.mm365("pack", "--print-request")
    shared = (copy.folder / "pack" / "scripts" / "MailMarshal365.ps1").read_bytes()
    copy.write_what_is_generated()
    copy.pack(region="nz")
    assert (copy.folder / "pack" / "scripts" / "MailMarshal365.ps1").read_bytes() == shared, "no region is named there"
    assert (copy.folder / "tests" / "golden" / "nz-stop.diff").exists()
    assert "New Zealand" in (copy.folder / TEMPLATES / "request.example.yaml").read_text(encoding="utf-8")


# ---- a setting: one file


def add_setting(copy: Copy) -> None:
    words = '"RemoveHeader", "X-Example", "a reason in a few words", "The reason in a sentence.", KB'
    row = f"            setting({words}),\n"
    mark = '            setting("Name", REDIRECT_NAME,'
    copy.edit(PACKAGE / "integration" / "rules.py", before(mark, row))


def test_a_setting_is_a_row_in_one_file(copy: Copy) -> None:
    add_setting(copy)
    copy.write_what_is_generated()
    assert len(copy.edited) == 1
    files = copy.pack()
    for path in ("scripts/30-create.ps1", "paste/04-redirect.txt"):
        assert re.search(r"RemoveHeader += 'X-Example' +# a reason in a few words\n", files[path]), path
    assert "| RemoveHeader | `X-Example` | The reason in a sentence. | KB Q21244 |" in files["change-request.md"]
    for path in ("scripts/MailMarshal365.ps1", "paste/05-verify.txt", "paste/09-rollback-rules.txt"):
        assert "RemoveHeader = 'X-Example'" in files[path], f"what {path} compares with"
    actions = "RemoveHeader|RouteMessageOutboundConnector|StopRuleProcessing"
    for path in ("paste/05-verify.txt", "paste/09-rollback-rules.txt"):
        assert f"-notmatch '{actions}'" in files[path], "which actions the rule may have"
    said = copy.python(
        "-c",
        "from mm365.notebook.walkthrough import Walkthrough\n"
        "created = next(one for one in Walkthrough().scripts if one.script.name == '30-create')\n"
        "print([item.why for item in created.settings if item.value == 'X-Example'])",
    )
    assert said.stdout == "['The reason in a sentence.']\n"


def test_a_setting_that_the_shared_functions_do_not_know_yet_is_found(copy: Copy) -> None:
    add_setting(copy)
    said = copy.failing("tests/test_library.py", "-k", "made_from_tables")
    assert "25-article.ps1 is out of date; run: python -m mm365.scripts.library" in said


def test_a_parameter_without_a_meaning_is_found(copy: Copy) -> None:
    """One that no object had before has a line in the table of meanings."""
    add_setting(copy)
    change: Callable[[str], str] = lambda text: text.replace('"RemoveHeader", "X-Example"', '"SetSCL", "9"')  # noqa: E731
    copy.edit(PACKAGE / "integration" / "rules.py", change)
    said = copy.failing("tests/test_walkthrough.py", "-k", "there_is_a_meaning")
    assert "exchange/parameters.py" in said
    assert "MEANINGS" in said


# ---- a warning: one file


def add_warning(copy: Copy) -> None:
    risk = (
        '    Risk(\n        key="example",\n        title="An example of a warning",\n'
        '        why="It is an example.",\n'
        '        do="Nothing.",\n        sources=(INFERRED,),\n'
        '        rating=rated(UNLIKELY, LOW, "None."),\n        standing=True,\n    ),\n'
    )
    copy.edit(PACKAGE / "integration" / "risks.py", lambda text: text.replace("RISKS = (\n", f"RISKS = (\n{risk}", 1))


def test_a_warning_is_an_entry_in_one_file(copy: Copy) -> None:
    count = "from mm365.integration.risks import STANDING_RISKS; print(len(STANDING_RISKS))"
    standing = int(copy.python("-c", count).stdout)
    add_warning(copy)
    assert len(copy.edited) == 1
    files = copy.pack()
    assert "An example of a warning" in files["change-request.md"]
    assert f"{standing + 1} risks hold in every tenant" in files["scripts/10-preflight.ps1"]
    said = copy.python(
        "-c",
        "from mm365.notebook.walkthrough import Walkthrough\nprint('example' in Walkthrough().unticked)",
    )
    assert said.stdout == "True\n", said.stdout
    copy.write_what_is_generated()


# ---- a script: two files

ENTRY = """    yield Script(
        name="45-report",
        synopsis="Read-only: an example.",
        example="./45-report.ps1",
        after="verify-created",
        next=Next(stopped="settle what is reported above.", done={"": "50-enable -Stage LoopCheck."}),
    )
"""
TEMPLATE = """{# receives: what partials/script.ps1.j2 receives #}
{% extends "partials/script.ps1.j2" %}
{% block description %}
    An example. Exit code 0: done; 1: not.
{% endblock %}
{% block run %}
    $Run = @{ Outcome = $outcome; WhatIf = $false; ReadsOnly = $true }
{% endblock %}
{% block body %}
    Invoke-Script -Request $Request -Run $Run -Next $Next -Body { Read-Tenant }
{% endblock %}
"""
SCRIPT_TEMPLATE = TEMPLATES / "scripts" / "45-report.ps1.j2"


def add_entry(copy: Copy, entry: str = ENTRY) -> None:
    copy.edit(PACKAGE / "scripts" / "catalogue.py", before("\n\ndef _enabling(", entry))


def test_a_script_is_an_entry_and_a_template(copy: Copy) -> None:
    add_entry(copy)
    copy.edit(SCRIPT_TEMPLATE, anew(TEMPLATE))
    assert len(copy.edited) == 2
    files = copy.pack()
    assert "scripts/45-report.ps1" in files
    assert "Read-only: an example." in files["scripts/45-report.ps1"]
    lines = files["scripts/45-report.ps1"].count("\n")
    assert f"| `scripts/45-report.ps1` | {lines} | Read-only: an example. |" in files["change-request.md"]
    assert "| `./scripts/45-report.ps1` |" in files["change-request.md"], "in the table of steps"
    cells = [cell["id"] for cell in json.loads(files["runbook.ipynb"])["cells"]]
    [at] = [place for place, name in enumerate(cells) if re.fullmatch(r"\d\d-report", name)]
    assert cells[at - 2].endswith("-verify-created")
    assert cells[at + 1] == f"{cells[at]}-record"
    assert {entry["path"] for entry in json.loads(files["manifest.json"])["files"]} >= {"scripts/45-report.ps1"}
    keys = copy.python("-c", STAGES)
    assert keys.stdout.split() == ["verify-created", "report", "enable-loopcheck"], keys.stdout
    assert "ok  scripts/45-report.ps1" in copy.mm365("verify-pack", "pack", "--verbose")
    copy.write_what_is_generated()


STAGES = f"""
from mm365.rehearsal.stages import stages_of
from mm365.request.request import build_request
from mm365.scripts.change import build_change
request = build_request({{"region": "eu", "header_id": "{HEADER_ID}", "tenant": "contoso.com"}}, needs=())
keys = [stage.key for stage in stages_of(build_change(request), "call")]
print(*keys[keys.index("report") - 1 : keys.index("report") + 2])
"""


def test_a_script_without_its_template_is_found(copy: Copy) -> None:
    add_entry(copy)
    said = copy.failing("tests/test_change.py", "-k", "template")
    assert "templates/scripts/45-report.ps1.j2" in said


def test_a_template_without_its_entry_is_found(copy: Copy) -> None:
    copy.edit(SCRIPT_TEMPLATE, anew(TEMPLATE))
    said = copy.failing("tests/test_change.py", "-k", "template")
    assert "templates/scripts/45-report.ps1.j2" in said
    assert "scripts/catalogue.py" in said


def test_a_script_that_no_step_runs_is_found(copy: Copy) -> None:
    add_entry(copy, ENTRY.replace('        after="verify-created",\n', ""))
    copy.edit(SCRIPT_TEMPLATE, anew(TEMPLATE))
    said = copy.failing("tests/test_change.py")
    assert "no step runs 45-report" in said
    assert "scripts/catalogue.py" in said


# ---- a command: two files

COMMAND = '''"""The command that says hello: hello."""

import typer


def hello() -> None:
    """Say hello.

    \\b
    Example:
      mm365 hello
    """
    typer.echo("Hello.")


COMMANDS = {"hello": hello}
'''


def add_command(copy: Copy) -> None:
    copy.edit(PACKAGE / "cli" / "hello.py", anew(COMMAND))
    copy.edit(PACKAGE / "cli" / "main.py", before('    "notebook",\n)', '    "hello",\n'))


def test_a_command_is_a_module_and_a_line(copy: Copy) -> None:
    add_command(copy)
    assert len(copy.edited) == 2
    assert copy.mm365("hello") == "Hello.\n"
    assert re.search(r"^│ hello +Say hello\.", copy.mm365("--help"), re.MULTILINE)
    assert "mm365 hello" in copy.mm365("hello", "--help")


def test_a_command_without_its_line_is_found(copy: Copy) -> None:
    copy.edit(PACKAGE / "cli" / "hello.py", anew(COMMAND))
    said = copy.failing("tests/test_command_line.py", "-k", "every_module_with_commands")
    assert "cli/main.py has the list MODULES" in said
