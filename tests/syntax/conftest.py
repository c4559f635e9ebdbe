"""What all tests of syntax ask: scripts, modules, and snippets that hold what none of them may; described once."""

import pytest

from tests.syntax import analyzer, calls, constructs, pasted, scopes
from tests.syntax.modules import write_modules
from tests.syntax.scripts import write_all
from tests.syntax.tree import Description, describe


@pytest.fixture(scope="session")
def described(pwsh: str, tmp_path_factory: pytest.TempPathFactory) -> Description:
    """One PowerShell process for all. The tests that take this are one xdist group, so it is made once."""
    folder = tmp_path_factory.mktemp("syntax")
    write_all(folder / "files")
    write_modules(folder / "files" / "modules")
    snippets = folder / "files" / "snippets"
    snippets.mkdir()
    rules = ((name, rule.snippet) for name, rule in analyzer.RULES.items())
    for source in (constructs.snippet_names(), calls.SNIPPETS.items(), scopes.SNIPPETS.items(), pasted.snippets(), rules):
        for name, text in source:
            path = snippets / f"{name}.txt"
            assert not path.exists(), f"two snippets are named {name}"
            path.write_bytes(text.encode("ascii"))
    return describe(pwsh, folder / "files", folder / "answer.json")
