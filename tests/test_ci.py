"""What .ci/run reads from the results of the tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import CHECKOUT

NEEDS = ("powershell", "notebook", "browser")


def case(file: str, need: str = "", inner: str = "") -> str:
    properties = f'<properties><property name="needs" value="{need}"/></properties>' if need else ""
    return f'<testcase classname="tests.{file}" name="test_it">{properties}{inner}</testcase>'


def asked(script: str, folder: Path, *cases: str) -> tuple[int, str]:
    """The exit code and the output of a script of .ci that reads results."""
    results = folder / "results.xml"
    results.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>", encoding="utf-8")
    words = [sys.executable, CHECKOUT / ".ci" / script, results, *([folder / "tests"] if "needed" in script else [])]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder with the tests test_a and, in a folder below, test_b."""
    (tmp_path / "tests" / "below").mkdir(parents=True)
    (tmp_path / "tests" / "test_a.py").touch()
    (tmp_path / "tests" / "below" / "test_b.py").touch()
    return tmp_path


def test_results_in_which_all_that_is_needed_ran_are_good(results: Path) -> None:
    code, said = asked(
        "needed_tests_ran.py", results, *(case("test_a", need) for need in NEEDS), case("below.test_b"),
    )  # fmt: skip
    assert (code, said.splitlines()) == (0, [f"{need}: 1 ran, 0 skipped" for need in NEEDS])


@pytest.mark.parametrize("need", NEEDS)
def test_a_needed_test_that_was_skipped_is_named(results: Path, need: str) -> None:
    cases = [case("test_a", each) for each in NEEDS] + [case("below.test_b")]
    code, said = asked("needed_tests_ran.py", results, *cases, case("test_a", need, "<skipped/>"))
    assert code == 1
    assert f"{need}: 1 ran, 1 skipped test_it\n" in said


@pytest.mark.parametrize("need", NEEDS)
def test_results_without_a_test_of_a_kind_are_not_good(results: Path, need: str) -> None:
    cases = [case("test_a", each) for each in NEEDS if each != need] + [case("test_a"), case("below.test_b")]
    code, said = asked("needed_tests_ran.py", results, *cases)
    assert code == 1
    assert f"{need}: 0 ran, 0 skipped\n" in said


@pytest.mark.parametrize("inner", [None, "<skipped/>"])
def test_a_file_of_which_no_test_ran_is_named(results: Path, inner: str | None) -> None:
    cases = [case("test_a", need) for need in NEEDS]
    cases += [case("below.test_b", inner=inner)] if inner else []
    code, said = asked("needed_tests_ran.py", results, *cases)
    assert code == 1
    assert said.endswith("test_b.py: no test of it ran\n")


@pytest.mark.parametrize("marked", ["powershell", "browser"])
def test_a_test_that_is_only_marked_is_skipped_where_what_it_needs_is_missing(tmp_path: Path, marked: str) -> None:
    test = tmp_path / "test_needs_it.py"
    test.write_text(f"import pytest\n\n@pytest.mark.{marked}\ndef test_it() -> None:\n    raise AssertionError\n")
    environment = {key: value for key, value in os.environ.items() if key != "CI"}
    environment |= {"MM365_PWSH": str(tmp_path / "pwsh"), "PATH": str(tmp_path)}
    words = [sys.executable, "-m", "pytest", "-n0", "-c", CHECKOUT / "pyproject.toml", "-p", "tests.conftest", test]
    done = subprocess.run(words, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1].startswith("1 skipped"), done.stdout


def test_the_last_line_counts_the_tests(tmp_path: Path) -> None:
    failed = [case("a", inner="<failure/>"), case("a", inner="<error/>")]
    assert asked("test_counts.py", tmp_path, case("a"), case("b")) == (0, "2 passed, 0 failed, 0 skipped\n")
    assert asked("test_counts.py", tmp_path, case("a"), case("a", inner="<skipped/>")) == (
        0, "1 passed, 0 failed, 1 skipped\n",
    )  # fmt: skip
    assert asked("test_counts.py", tmp_path, case("a"), *failed) == (1, "1 passed, 2 failed, 0 skipped\n")
    assert asked("test_counts.py", tmp_path) == (1, "0 passed, 0 failed, 0 skipped\n")


def test_nothing_follows_the_line_that_counts_the_tests() -> None:
    last = (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert last == '.venv/bin/python .ci/test_counts.py "$work/results.xml"'
