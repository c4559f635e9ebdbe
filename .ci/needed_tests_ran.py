"""Fails if a test file did not run, or a test that needs PowerShell, a kernel or a browser was skipped.

needed_tests_ran.py RESULTS.xml [TESTS]   pytest's JUnit file, and the folder of the tests (by default: tests)

What a test needs is in the results: see tests/conftest.py.
"""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

NEEDS = ("powershell", "notebook", "browser")


def main() -> int:
    """Say what ran and what was skipped; 1 if something is lacking."""
    results, *folders = (Path(argument) for argument in sys.argv[1:])
    folder = folders[0] if folders else Path("tests")
    cases = list(ET.parse(results).getroot().iter("testcase"))  # noqa: S314 - pytest wrote it a moment ago
    wrong = False
    for need in NEEDS:
        ours = [case for case in cases if needs(case, need)]
        skipped = [str(case.get("name")) for case in ours if was_skipped(case)]
        print(f"{need}: {len(ours) - len(skipped)} ran, {len(skipped)} skipped {' '.join(skipped)}".rstrip())
        wrong = wrong or bool(skipped) or not ours
    ran = {case.get("classname") for case in cases if not was_skipped(case)}
    lacking = [path for path in sorted(folder.rglob("test_*.py")) if module(path, folder) not in ran]
    print("".join(f"{path}: no test of it ran\n" for path in lacking), end="")
    return int(wrong or bool(lacking))


def needs(case: ET.Element, need: str) -> bool:
    """Whether a test needs this to run."""
    return any(entry.get("name") == "needs" and entry.get("value") == need for entry in case.iter("property"))


def was_skipped(case: ET.Element) -> bool:
    """Whether a test did not run to its end because it skipped itself."""
    return case.find("skipped") is not None


def module(path: Path, folder: Path) -> str:
    """A test file as the results name it."""
    return ".".join((folder.name, *path.relative_to(folder).with_suffix("").parts))


sys.exit(main())
