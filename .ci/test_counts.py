"""Prints how many tests passed, failed and were skipped, on one line: test_counts.py RESULTS.xml."""

import sys
import xml.etree.ElementTree as ET
from collections import Counter


def main() -> int:
    """Count the tests of pytest's JUnit file; 1 if one failed or there is none."""
    cases = ET.parse(sys.argv[1]).getroot().iter("testcase")  # noqa: S314 - pytest wrote it
    count = Counter(outcome(case) for case in cases)
    print(", ".join(f"{count[kind]} {kind}" for kind in ("passed", "failed", "skipped")))
    return int(bool(count["failed"]) or not count)


def outcome(case: ET.Element) -> str:
    """How a test ended. An error before or after it is a failure."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


sys.exit(main())
