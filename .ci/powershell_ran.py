"""Fails if a test that needs PowerShell was skipped, or if there was none: powershell_ran.py RESULTS.xml."""

import sys
import xml.etree.ElementTree as ET

FOLDERS = ("tests.scripts", "tests.exchange", "tests.syntax")
AT_LEAST = 100


def main() -> int:
    """Read pytest's JUnit file and count."""
    cases = ET.parse(sys.argv[1]).getroot().iter("testcase")  # noqa: S314 - pytest wrote it a moment ago
    ours = [case for case in cases if case.get("classname", "").startswith(FOLDERS)]
    skipped = [f"{case.get('classname')}.{case.get('name')}" for case in ours if case.find("skipped") is not None]
    print(f"{len(ours) - len(skipped)} PowerShell tests ran, {len(skipped)} were skipped")
    for name in skipped:
        print(f"skipped: {name}")
    return int(bool(skipped) or len(ours) < AT_LEAST)


sys.exit(main())
