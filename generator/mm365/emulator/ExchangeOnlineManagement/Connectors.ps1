# Settings of the two kinds of connector, and what the service refuses.

function Set-InboundConnectorSettings {
    param($Call, $Connector, [Collections.IDictionary] $Settings)
    $wasEnabled = $Connector.Enabled -and $Call.Verb -eq 'Set'
    Set-Settings $Connector $Settings @('Name', 'SenderDomains')
    if ($Settings.Contains('SenderDomains')) {
        $Connector.SenderDomains = @(Get-AddressSpace $Call.State $Settings.SenderDomains)
    }
    Assert-InboundConnector $Call.State $Connector
    Limit-InboundConnector $Call $Connector $wasEnabled
}

# Section 2.1: required also where it means nothing, * or a domain, stored as smtp:*;1.
function Get-AddressSpace {
    param($State, [string[]] $Domains)
    if (-not $Domains) { Stop-Call $State 'Invalid' 'Required' @('SenderDomains') }
    foreach ($domain in $Domains) {
        $plain = $domain -replace '^smtp:' -replace ';\d+$'
        if ($plain -ne '*') { Assert-Domain $State 'SenderDomains' $plain }
        "smtp:$plain;1"
    }
}

# Section 2.1.
function Assert-InboundConnector {
    param($State, $Connector)
    if ($Connector.TlsSenderCertificateName) {
        Assert-Domain $State 'TlsSenderCertificateName' $Connector.TlsSenderCertificateName
    }
    foreach ($address in $Connector.SenderIPAddresses) {
        if ($address -notmatch '^\d{1,3}(\.\d{1,3}){3}(/(2[4-9]|3[0-2]))?$') {
            Stop-Call $State 'Invalid' 'BadFormat' @('SenderIPAddresses', $address)
        }
    }
    if (-not $Connector.TreatMessagesAsInternal) { return }
    if ($Connector.CloudServicesMailEnabled) { Stop-Call $State 'Invalid' 'InternalTwice' }
    if ($Connector.ConnectorType -ne 'OnPremises') {
        Stop-Call $State 'Invalid' 'OnPremisesOnly' @('TreatMessagesAsInternal')
    }
}

# Section 6.3, behaviour inboundCreation: some tenants may not have an OnPremises connector at all, others
# get a disabled one and a warning, also when they try to enable it later.
function Limit-InboundConnector {
    param($Call, $Connector, [bool] $WasEnabled)
    $creation = Get-Behaviour $Call.State 'inboundCreation' 'enabled'
    if ($Connector.ConnectorType -ne 'OnPremises') { return }
    if ($creation -eq 'refused' -and $Call.Verb -eq 'New') { Stop-Call $Call.State 'Prohibited' 'Prohibited' }
    if ($creation -eq 'disabled' -and $Connector.Enabled -and -not $WasEnabled) {
        $Connector.Enabled = $false
        $Call.Warnings += Get-Text $Call.State 'CreatedDisabled' @($Connector.Name)
    }
}

function Set-OutboundConnectorSettings {
    param($Call, $Connector, [Collections.IDictionary] $Settings)
    Set-Settings $Connector $Settings @('Name')
    $state = $Call.State
    # Section 2.3: the route is the MX record or the smart hosts, and these are written without brackets.
    if (-not $Connector.UseMXRecord -and -not $Connector.SmartHosts) { Stop-Call $state 'Invalid' 'SmartHosts' }
    foreach ($smartHost in $Connector.SmartHosts) {
        if ($smartHost -notmatch '^[A-Za-z0-9.\-_:/]+$') {
            Stop-Call $state 'Invalid' 'BadFormat' @('SmartHosts', $smartHost)
        }
    }
    Assert-OutboundTls $state $Connector
    foreach ($property in 'AllAcceptedDomains', 'RouteAllMessagesViaOnPremises', 'SenderRewritingEnabled') {
        if ($Connector.$property -and $Connector.ConnectorType -ne 'OnPremises') {
            Stop-Call $state 'Invalid' 'OnPremisesOnly' @($property)
        }
    }
}

# Section 2.3 on TlsDomain: useful only with DomainValidation, which compares the certificate with it. That
# the service refuses one without the other is what the on-premises cmdlet does.
function Assert-OutboundTls {
    param($State, $Connector)
    $validated = $Connector.TlsSettings -eq 'DomainValidation'
    if ($Connector.TlsDomain) {
        if (-not $validated) { Stop-Call $State 'Invalid' 'TlsDomain' }
        Assert-Domain $State 'TlsDomain' $Connector.TlsDomain
    }
    elseif ($validated) { Stop-Call $State 'Invalid' 'TlsDomainRequired' }
}

# The rules that route to a connector, whether they store its name or its Guid (3.3).
function Get-Referrer {
    param($State, $Connector)
    foreach ($rule in @(Get-ServiceObjects $State 'TransportRule')) {
        if ($rule.RouteMessageOutboundConnector -in $Connector.Name, $Connector.Guid) { $rule }
    }
}

# Section 5.2: whether it can be removed is not documented, so a behaviour decides.
function Assert-NotReferenced {
    param($Call, $Connector)
    if ((Get-Behaviour $Call.State 'removeReferencedConnector' 'error') -eq 'allow') { return }
    $rules = @(Get-Referrer $Call.State $Connector)
    if ($rules.Count) { Stop-Call $Call.State 'Referenced' 'Referenced' @($Connector.Name, $rules[0].Name) }
}
