# ---------- The article ----------
function Get-ArticleObject([object]$Request) {
    # The four objects of LevelBlue's article Q21244 as 30-create makes them; there each setting has its reason.
    $domain = "$($Request['Region']).mailmarshal.cloud"
    $inbound = [ordered]@{
        Name = 'From MailMarshal Cloud Integrated'; ConnectorType = 'OnPremises'; SenderDomains = @('*'); RequireTls = $true
        TlsSenderCertificateName = "*.$domain"; Enabled = $true
    }
    $outbound = [ordered]@{
        Name = 'To MailMarshal Cloud Integrated'; ConnectorType = 'Partner'; IsTransportRuleScoped = $true; UseMXRecord = $false
        SmartHosts = @("m365integrated-array-1.$domain"); TlsSettings = 'DomainValidation'; TlsDomain = "*.$domain"; Enabled = $true
    }
    $loopCheck = [ordered]@{
        Name = 'MailMarshal Cloud Integrated Loop Check'; HeaderContainsMessageHeader = 'X-MMCloud-ID'
        HeaderContainsWords = @($Request['HeaderId']); RemoveHeader = 'X-MMCloud-ID'
        StopRuleProcessing = $Request['LoopGuard'] -in 'stop', 'stop-and-except'; Mode = 'Enforce'; RuleErrorAction = 'Ignore'
        Enabled = $false
    }
    $redirect = [ordered]@{
        Name = 'MailMarshal Cloud Integrated Redirect'; RouteMessageOutboundConnector = 'To MailMarshal Cloud Integrated'
        StopRuleProcessing = $false; Mode = 'Enforce'; RuleErrorAction = 'Ignore'; Enabled = $false
    }
    if ($Request['LoopGuard'] -in 'stop-and-except') { $redirect['ExceptIfHeaderContainsMessageHeader'] = 'X-MMCloud-ID' }
    if ($Request['LoopGuard'] -in 'stop-and-except') { $redirect['ExceptIfHeaderContainsWords'] = @($Request['HeaderId']) }
    [ordered]@{
        Inbound   = @{ Kind = 'InboundConnector'; Label = 'inbound connector'; Title = "inbound connector '$($inbound.Name)'"; Want = $inbound }
        Outbound  = @{ Kind = 'OutboundConnector'; Label = 'outbound connector'; Title = "outbound connector '$($outbound.Name)'"; Want = $outbound }
        LoopCheck = @{ Kind = 'TransportRule'; Label = 'rule Loop Check'; Title = "rule Loop Check '$($loopCheck.Name)'"; Want = $loopCheck }
        Redirect  = @{ Kind = 'TransportRule'; Label = 'rule Redirect'; Title = "rule Redirect '$($redirect.Name)'"; Want = $redirect }
    }
}
$Objects = [ordered]@{}
