"""An emulated Exchange Online: a PowerShell module of that name, and the tenants that it acts on."""
