"""Fails if a test that needs PowerShell, a kernel or a browser was skipped: needed_tests_ran.py RESULTS.xml."""

import sys
import xml.etree.ElementTree as ET

AT_LEAST = {
    "tests.scripts": 60,
    "tests.exchange": 40,
    "tests.rehearsal": 60,
    "tests.test_rehearsal_in_a_notebook": 10,
    "tests.syntax": 100,
    "tests.browser": 3,
    "tests.test_notebooks": 3,
    "tests.test_evidence": 20,
}
"""Where these tests are, and a number below which some must be missing."""


def main() -> int:
    """Read pytest's JUnit file and count."""
    cases = list(ET.parse(sys.argv[1]).getroot().iter("testcase"))  # noqa: S314 - pytest wrote it a moment ago
    wrong = False
    for place, least in AT_LEAST.items():
        ours = [case for case in cases if case.get("classname", "").startswith(place)]
        skipped = [str(case.get("name")) for case in ours if case.find("skipped") is not None]
        print(f"{place}: {len(ours) - len(skipped)} ran, {len(skipped)} skipped {' '.join(skipped)}".rstrip())
        wrong = wrong or bool(skipped) or len(ours) < least
    return int(wrong)


sys.exit(main())
