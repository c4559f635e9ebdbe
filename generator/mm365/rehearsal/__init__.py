"""Rehearsals: the scripts of a pack, unchanged, in a real PowerShell against an emulated Exchange Online.

The way through is the whole change with nothing going wrong, from preflight to rollback. The faults come after it:
at each call of each script something goes wrong, the script is run again, and the change is rolled back. A reader
starts with ``rehearsal``, then ``run``, ``matrix`` and ``promises``.
"""
