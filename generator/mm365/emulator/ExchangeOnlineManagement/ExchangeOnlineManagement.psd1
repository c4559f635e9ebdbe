# An emulator: it has the name, a version and some of the cmdlets of the real module, and nothing else of it.
@{
    RootModule        = 'ExchangeOnlineManagement.psm1'
    ModuleVersion     = '3.9.0'
    GUID              = '5f2b6c1e-3d0a-4b53-9d37-6a1f0c7e2b94'
    Author            = 'This project'
    Description       = 'Emulator of ExchangeOnlineManagement. It never talks to a service.'
    PowerShellVersion = '5.1'
    # A full list, not a pattern: the engine can then load the module by itself at the first call.
    FunctionsToExport = @(
        'New-InboundConnector', 'Set-InboundConnector', 'Get-InboundConnector', 'Remove-InboundConnector'
        'New-OutboundConnector', 'Set-OutboundConnector', 'Get-OutboundConnector', 'Remove-OutboundConnector'
        'New-TransportRule', 'Set-TransportRule', 'Get-TransportRule', 'Remove-TransportRule'
        'Enable-TransportRule', 'Disable-TransportRule'
        'Get-AcceptedDomain', 'Get-OrganizationConfig', 'Get-ConnectionInformation'
        'Get-MessageTraceV2', 'Get-MessageTraceDetailV2'
        'Start-Sleep'
    )
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @()
    # Whatever runs scripts against this module checks this first: the real module has no such entry.
    PrivateData       = @{ Emulator = $true }
}
