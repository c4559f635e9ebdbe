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

# SenderDomains is required, also where it means nothing. It is * or a domain, and is stored as smtp:*;1
# (NOTES.md, "Inbound connectors").
function Get-AddressSpace {
    param($State, [string[]] $Domains)
    if (-not $Domains) { Stop-Call $State 'Invalid' 'Required' @('SenderDomains') }
    foreach ($domain in $Domains) {
        $plain = $domain -replace '^smtp:' -replace ';\d+$'
        if ($plain -ne '*') { Assert-Domain $State 'SenderDomains' $plain }
        "smtp:$plain;1"
    }
}

# NOTES.md, "Inbound connectors".
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

# Behaviour inboundCreation: some tenants cannot have an OnPremises connector at all. Others get a disabled one and
# a warning, and another warning when they try to enable it (NOTES.md, "Blocked inbound connectors").
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
    # Mail goes to the MX record or to the smart hosts (NOTES.md, "Outbound connectors").
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

# TlsDomain has a meaning only with DomainValidation, which compares the certificate with it. One without the other
# is refused here, as the on-premises cmdlet does (NOTES.md, "Outbound connectors").
function Assert-OutboundTls {
    param($State, $Connector)
    $validated = $Connector.TlsSettings -eq 'DomainValidation'
    if ($Connector.TlsDomain) {
        if (-not $validated) { Stop-Call $State 'Invalid' 'TlsDomain' }
        Assert-Domain $State 'TlsDomain' $Connector.TlsDomain
    }
    elseif ($validated) { Stop-Call $State 'Invalid' 'TlsDomainRequired' }
}

# The rules that route to a connector, whether they store its name or its Guid (behaviour routeReadsBackAs).
function Get-Referrer {
    param($State, $Connector)
    foreach ($rule in @(Get-ServiceObjects $State 'TransportRule')) {
        if ($rule.RouteMessageOutboundConnector -in $Connector.Name, $Connector.Guid) { $rule }
    }
}

# Whether such a connector can be removed is not documented, so a behaviour decides (NOTES.md, "Removing objects").
function Assert-NotReferenced {
    param($Call, $Connector)
    if ((Get-Behaviour $Call.State 'removeReferencedConnector' 'error') -eq 'allow') { return }
    $rules = @(Get-Referrer $Call.State $Connector)
    if ($rules.Count) { Stop-Call $Call.State 'Referenced' 'Referenced' @($Connector.Name, $rules[0].Name) }
}
