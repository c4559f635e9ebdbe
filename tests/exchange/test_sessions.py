"""Connections, roles and organizations."""

from mm365.emulator.tenants import connection, empty_tenant
from tests.exchange.running import NOT_BOUND, Exchange


def test_roles_take_away_cmdlets_and_parameters(exchange: Exchange) -> None:
    """Get-Command shows what the account may use."""
    text = """
    $said.cmdlet = [bool](Get-Command New-InboundConnector -ErrorAction SilentlyContinue)
    $said.call = Try-It { New-InboundConnector x -SenderDomains * }
    $said.parameter = (Get-Command New-TransportRule).Parameters.ContainsKey('StopRuleProcessing')
    $said.useOfIt = Try-It { New-TransportRule x -StopRuleProcessing $true }
    $said.others = Try-It { New-TransportRule x -RemoveHeader 'X-Old' -WithImportance High }
    """
    missing = ["New-InboundConnector", "New-TransportRule:StopRuleProcessing"]
    run = exchange(text, empty_tenant(behaviour={"missing": missing}))
    assert run.said == {
        "cmdlet": False,
        "call": "CommandNotFoundException",
        "parameter": False,
        "useOfIt": NOT_BOUND,
        "others": "ok",
    }


def test_a_prefix_renames_every_cmdlet_but_that_of_the_module(exchange: Exchange) -> None:
    text = """
    $said.usual = [bool](Get-Command New-InboundConnector -ErrorAction SilentlyContinue)
    $said.renamed = Try-It { New-EXOInboundConnector x -SenderDomains * }
    $said.shown = (Get-ConnectionInformation).ModulePrefix
    """
    run = exchange(text, empty_tenant(behaviour={"prefix": "EXO"}))
    assert run.said == {"usual": False, "renamed": "ok", "shown": "EXO"}
    assert [each["Name"] for each in run.tenant["inboundConnectors"]] == ["x"]


def test_without_a_connection_only_the_module_itself_answers(exchange: Exchange) -> None:
    text = """
    $said.connections = @(Get-ConnectionInformation).Count
    $said.call = Try-It { Get-TransportRule -ErrorAction SilentlyContinue }
    """
    run = exchange(text, empty_tenant() | {"connections": []})
    assert run.said == {"connections": 0, "call": "CommandNotFoundException"}


def test_an_organization_that_was_never_customized_creates_nothing(exchange: Exchange) -> None:
    tenant = empty_tenant()
    tenant["organization"]["IsDehydrated"] = True
    text = """
    $said.flag = (Get-OrganizationConfig).IsDehydrated
    $said.domains = @((Get-AcceptedDomain).DomainName)
    $said.new = Try-It { New-TransportRule x }
    """
    said = exchange(text, tenant).said
    assert said["flag"] is True
    assert said["domains"] == ["contoso.onmicrosoft.com", "contoso.com"]
    assert said["new"] == "InvalidOperationInDehydratedContextException"


def test_several_connections_are_all_shown(exchange: Exchange) -> None:
    """Which of them a call goes to is not said, so a script must see that there is more than one."""
    other = connection("fabrikam.onmicrosoft.com", Id=2, Name="ExchangeOnline_2")
    tenant = empty_tenant()
    tenant["connections"].append(other)
    text = f"""
    $said.all = @((Get-ConnectionInformation).TenantID | Select-Object -Unique).Count
    $said.one = @((Get-ConnectionInformation -ConnectionId '{other["ConnectionId"]}').UserPrincipalName)
    """
    assert exchange(text, tenant).said == {"all": 2, "one": ["admin@fabrikam.onmicrosoft.com"]}


def test_another_tenant_shows_in_its_connection_and_its_domains(exchange: Exchange) -> None:
    """A script that was made for contoso can see that it is not there."""
    text = """
    $said.user = (Get-ConnectionInformation).UserPrincipalName
    $said.domains = @((Get-AcceptedDomain).DomainName)
    """
    run = exchange(text, empty_tenant("fabrikam.onmicrosoft.com", accepted_domains=()))
    assert run.said == {"user": "admin@fabrikam.onmicrosoft.com", "domains": ["fabrikam.onmicrosoft.com"]}


def test_the_module_says_that_it_is_the_emulator(exchange: Exchange) -> None:
    """So that nothing that is made for it is ever run against a real tenant."""
    text = """
    Import-Module ExchangeOnlineManagement
    $said.emulator = (Get-Module ExchangeOnlineManagement).PrivateData.Emulator
    """
    assert exchange(text, empty_tenant(), alone=True).said == {"emulator": True}
