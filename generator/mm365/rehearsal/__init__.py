"""A pack's scripts, unchanged, in a real PowerShell against an emulated Exchange Online, with faults injected."""
