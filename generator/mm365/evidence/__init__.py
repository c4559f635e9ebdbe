"""A filled-in runbook, read back and compared with the approved one."""
