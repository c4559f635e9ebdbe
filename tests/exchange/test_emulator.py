"""The emulator, run in the real engine. Section numbers are those of exchange-online.md."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pytest

from generator.emulator.busy import busy_tenant
from generator.emulator.files import MODULES, comparable, environment, read_log, read_tenant, write_tenant
from generator.emulator.shapes import CATALOGUE, INBOUND, OUTBOUND, load_catalogue, rule_shape
from generator.emulator.tenants import Tenant, add_rule, empty_tenant, outbound_connector, transport_rule
from tests.exchange import build
from tests.exchange.engine import find_pwsh
from tests.shell import killed

if TYPE_CHECKING:
    from pathlib import Path

    from generator.emulator.contract import Behaviour, Call, Change, Fault, Target
    from generator.emulator.shapes import Object

# In a script file the preference is the global one, so here every error of the emulator can be caught.
# Try-It says 'ok' or the last part of the exception class.
PRELUDE = """\
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
$ErrorActionPreference = 'Stop'
$said = [ordered]@{}
function Try-It([scriptblock] $Do) {
    try { $null = & $Do; 'ok' }
    catch {
        $parts = $_.Exception.Message -split '\\|'
        if ($parts.Count -eq 3) { $parts[1] -replace '^.*\\.' } else { $_.Exception.GetType().Name }
    }
}
"""
EPILOGUE = "\nConvertTo-Json -InputObject $said -Depth 6\n"

NOT_FOUND = "ManagementObjectNotFoundException"
DUPLICATE = "ADObjectAlreadyExistsException"
INVALID = "DataValidationException"
BAD_VALUE = "ParameterBindingArgumentTransformationException"
# A mistake in the call itself, found by the engine before the cmdlet runs.
NOT_BOUND = "ParameterBindingException"

SCOPED = "-ConnectorType Partner -IsTransportRuleScoped $true -UseMXRecord $false -SmartHosts 'a.example'"


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one script did: its exit code, its output, the tenant afterwards and the calls it made."""

    code: int
    output: str
    errors: str
    tenant: Tenant
    log: list[Call]

    @property
    def said(self) -> Object:
        said: Object = json.loads(self.output[self.output.index("{\n") :])
        return said

    @property
    def rules(self) -> list[tuple[str, str]]:
        return [(rule["Name"], rule["State"]) for rule in self.tenant["transportRules"]]


Exchange = Callable[..., Run]


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    """Runs the text of a script against a tenant. plain: without the prelude, in a scope of its own."""
    pwsh = find_pwsh()
    if pwsh is None:
        pytest.skip("no PowerShell: set MM365_PWSH to one, or put pwsh on PATH")
    state, log = tmp_path / "state.json", tmp_path / "log.jsonl"

    def run(text: str, tenant: Tenant, *, plain: bool = False) -> Run:
        script = tmp_path / "script.ps1"
        script.write_text(text if plain else PRELUDE + text + EPILOGUE, encoding="utf-8")
        write_tenant(tenant, state)
        done = subprocess.run(
            [str(pwsh), "-NoProfile", "-NonInteractive", "-Command", f"& '{script}'; exit $LASTEXITCODE"]
            if plain
            else [str(pwsh), "-NoProfile", "-NonInteractive", "-File", str(script)],
            env=environment(state, log),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Run(
            code=done.returncode,
            output=done.stdout,
            errors=done.stderr,
            tenant=read_tenant(state),
            log=read_log(log),
        )

    return run


def scoped(name: str = "Filter out") -> Object:
    return outbound_connector(name, IsTransportRuleScoped=True, UseMXRecord=False, SmartHosts=["a.example"])


def rule_tenant(*names: str, **options: Any) -> Tenant:
    tenant = empty_tenant(**options)
    tenant["outboundConnectors"] = [scoped()]
    for name in names:
        add_rule(tenant, transport_rule(name, RemoveHeader="X-Old"))
    return tenant


# --- the generated part -------------------------------------------------------------------------------


def test_the_generated_cmdlets_are_up_to_date() -> None:
    assert build.main(["--check"]) == 0


def test_the_catalogue_on_disk_is_in_the_form_that_the_build_writes() -> None:
    assert CATALOGUE.read_text(encoding="utf-8") == build.catalogue_text(load_catalogue())


def test_no_line_of_the_emulator_is_other_than_ascii() -> None:
    files = [path for path in MODULES.rglob("*") if path.suffix in {".ps1", ".psm1", ".psd1", ".py", ".json"}]
    assert files
    assert [path.name for path in files if not path.read_bytes().isascii()] == []


# --- binding and errors (5.2, 5.3, 6.1, 6.2) ----------------------------------------------------------


def test_calls_are_bound_as_in_production_and_values_are_checked_by_the_service(exchange: Exchange) -> None:
    """5.3: wrong names and types fail in the engine, wrong values come back as errors of the service."""
    text = """
    $said.wrongName = Try-It { New-TransportRule x -Nope 1 }
    $said.wrongType = Try-It { New-TransportRule x -Enabled 'yes' }
    $said.noEnabledOnSet = Try-It { Set-TransportRule x -Enabled $true }
    $said.wrongValue = Try-It { New-TransportRule x -Mode 'Sometimes' }
    $said.longName = Try-It { New-TransportRule ('x' * 65) }
    $said.fullName = Try-It { New-TransportRule ('x' * 64) -Comments ('c' * 1024) }
    $said.longComment = Try-It { New-TransportRule y -Comments ('c' * 1025) }
    $said.longWord = Try-It { New-TransportRule y -SubjectContainsWords 'a', ('w' * 129) }
    $said.longInbound = Try-It { New-InboundConnector ('x' * 65) -SenderDomains * }
    $said.noPrompt = Try-It { New-TransportRule z -WhatIf }
    $said.prompt = Try-It { Remove-TransportRule ('x' * 64) }
    $said.disablePrompt = Try-It { Disable-TransportRule ('x' * 64) }
    $said.version = (Get-Module ExchangeOnlineManagement).Version.ToString()
    $said.types = foreach ($p in 'Name', 'Enabled', 'Priority', 'HeaderContainsWords', 'Mode') {
        (Get-Command New-TransportRule).Parameters[$p].ParameterType.Name
    }
    """
    run = exchange(text, empty_tenant())
    assert run.said == {
        "wrongName": NOT_BOUND,
        "wrongType": "ParameterBindingArgumentTransformationException",
        "noEnabledOnSet": NOT_BOUND,
        "wrongValue": BAD_VALUE,
        "longName": INVALID,
        "fullName": "ok",
        "longComment": INVALID,
        "longWord": INVALID,
        "longInbound": INVALID,
        "noPrompt": "ok",
        "prompt": "MethodInvocationException",
        "disablePrompt": "MethodInvocationException",
        "version": "3.9.0",
        "types": ["String", "Boolean", "Int32", "Object[]", "Object"],
    }
    assert run.rules == [("x" * 64, "Enabled")]


def test_an_error_of_the_service_does_not_end_a_script_whose_own_preference_is_stop(
    exchange: Exchange,
) -> None:
    """5.3: only -ErrorAction on the call, or the global preference, makes it terminating."""
    text = """
    $ErrorActionPreference = 'Stop'
    Set-TransportRule nobody -Comments x
    'went on, last status {0}' -f $global:EXO_LastExecutionStatus
    try { Set-TransportRule nobody -Comments x -ErrorAction Stop }
    catch { 'caught', $_.Exception.Message, $_.CategoryInfo.Category, $_.FullyQualifiedErrorId }
    Set-TransportRule nobody -Comments x -ErrorAction SilentlyContinue -ErrorVariable kept
    'kept {0}' -f $kept.Count
    """
    run = exchange(text, empty_tenant(behaviour={"language": "de"}), plain=True)
    lines = run.output.splitlines()
    assert lines[:2] == ["went on, last status False", "caught"]
    code, kind, german = lines[2].split("|")
    assert (code, kind) == ("Ex6F9304", f"Microsoft.Exchange.Configuration.Tasks.{NOT_FOUND}")
    assert german == "Das Objekt 'nobody' wurde nicht gefunden."
    assert lines[3] == "NotSpecified"
    assert lines[4].startswith("[Server=")
    assert lines[4].endswith(",Write-ErrorMessage")
    assert lines[5].startswith("kept ")
    assert run.errors.count("Ex6F9304") == 1
    assert [call["result"] for call in run.log] == ["error"] * 3
    assert run.log[2]["parameters"]["ErrorAction"] == "SilentlyContinue"


def test_roles_take_away_cmdlets_and_parameters(exchange: Exchange) -> None:
    """6.2: Get-Command shows what the account may use."""
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
    """6.2"""
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


# --- connectors (2.1, 2.3, 3.1, 3.2, 3.4, 5.1, 5.2, 6.3) ------------------------------------------------


def test_an_inbound_connector_reads_back_as_the_service_stores_it(exchange: Exchange) -> None:
    """2.1, 3.1"""
    text = """
    $null = New-InboundConnector 'Filter in' -ConnectorType onpremises -SenderDomains * -RequireTls $true `
        -TlsSenderCertificateName '*.filter.example' -EFSkipLastIP $true -Comment '2025-01-01T00:00:00Z'
    $said.read = Get-InboundConnector
    $said.dates = $said.read.WhenChangedUTC.GetType().Name, $said.read.WhenChangedUTC.Kind.ToString(),
        $said.read.Comment.GetType().Name, $said.read.Guid.GetType().Name
    $said.duplicate = Try-It { New-InboundConnector 'FILTER IN' -SenderDomains * }
    $said.noDomains = Try-It { New-InboundConnector x }
    $said.embedded = Try-It { New-InboundConnector x -SenderDomains 'a.*.example' }
    $said.certificate = Try-It {
        New-InboundConnector x -SenderDomains * -TlsSenderCertificateName 'a*.example'
    }
    $said.ipv6 = Try-It { New-InboundConnector x -SenderDomains * -SenderIPAddresses '2001:db8::1' }
    $said.wide = Try-It { New-InboundConnector x -SenderDomains * -SenderIPAddresses '192.0.2.0/16' }
    $said.internal = Try-It { New-InboundConnector x -SenderDomains * -TreatMessagesAsInternal $true }
    Set-InboundConnector 'filter in' -Enabled $false -Name 'Renamed' -SenderDomains 'a.example', '*.b.example'
    """
    run = exchange(text, empty_tenant())
    said = run.said
    read = said.pop("read")
    assert set(read) == set(INBOUND)
    assert (read["ConnectorType"], read["ConnectorSource"]) == ("OnPremises", "Default")
    assert (read["SenderDomains"], read["RequireTls"], read["Enabled"]) == (["smtp:*;1"], True, True)
    assert (read["EFSkipLastIP"], read["SenderIPAddresses"]) == (True, [])
    assert read["Name"] == read["Identity"] == read["Id"] == "Filter in"
    assert read["Guid"] == read["ExchangeObjectId"]
    assert said.pop("dates") == ["DateTime", "Utc", "String", "String"]
    assert said.pop("duplicate") == DUPLICATE
    assert said.pop("noDomains") == NOT_BOUND
    assert set(said.values()) == {INVALID}
    (stored,) = run.tenant["inboundConnectors"]
    assert (stored["Name"], stored["Identity"], stored["Enabled"]) == ("Renamed", "Renamed", False)
    assert stored["SenderDomains"] == ["smtp:a.example;1", "smtp:*.b.example;1"]
    assert stored["Comment"] == "2025-01-01T00:00:00Z"


def test_an_outbound_connector_needs_settings_that_fit_together(exchange: Exchange) -> None:
    """2.3, 3.2"""
    text = """
    $scoped = @{ ConnectorType = 'Partner'; IsTransportRuleScoped = $true }
    $said.noSmartHost = Try-It { New-OutboundConnector x @scoped -UseMXRecord $false }
    $said.brackets = Try-It { New-OutboundConnector x -UseMXRecord $false -SmartHosts '[192.0.2.1]' }
    $tls = @{ UseMXRecord = $false; SmartHosts = 'a.example', '192.0.2.1' }
    $said.tlsDomain = Try-It {
        New-OutboundConnector x @tls -TlsSettings CertificateValidation -TlsDomain a.example
    }
    $said.noTlsDomain = Try-It { New-OutboundConnector x @tls -TlsSettings DomainValidation }
    $said.onPremises = Try-It { New-OutboundConnector x -ConnectorType Partner -AllAcceptedDomains $true }
    $null = New-OutboundConnector 'Filter out' @scoped @tls -TlsSettings domainvalidation -TlsDomain '*.a.example'
    $said.duplicate = Try-It { New-OutboundConnector 'filter OUT' }
    $said.read = Get-OutboundConnector -IsTransportRuleScoped $true
    $said.set = Try-It { Set-OutboundConnector 'Filter out' -TlsSettings EncryptionOnly }
    Set-OutboundConnector 'Filter out' -TlsSettings $null -TlsDomain $null
    """
    run = exchange(text, empty_tenant())
    said = run.said
    read = said.pop("read")
    assert set(read) == set(OUTBOUND)
    assert (read["SmartHosts"], read["UseMXRecord"]) == (["a.example", "192.0.2.1"], False)
    assert (read["TlsSettings"], read["TlsDomain"]) == ("DomainValidation", "*.a.example")
    assert (read["RecipientDomains"], read["MtaStsMode"]) == ([], "Opportunistic")
    assert said.pop("duplicate") == DUPLICATE
    assert set(said.values()) == {INVALID}
    assert run.tenant["outboundConnectors"][0]["TlsSettings"] is None


LISTINGS = """
    $said.plain = @((Get-OutboundConnector).Name)
    $said.unscoped = @((Get-OutboundConnector -IsTransportRuleScoped $false).Name)
    $said.scoped = @((Get-OutboundConnector -IsTransportRuleScoped $true).Name)
    $said.test = @((Get-OutboundConnector -IncludeTestModeConnectors $true).Name)
    """


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        ("documented", {"plain": "P", "unscoped": "P", "scoped": "S", "test": "T"}),
        ("captured", {"plain": "SP", "unscoped": "P", "scoped": "S", "test": "SPT"}),
    ],
)
def test_outbound_connectors_are_listed_as_documented_or_as_captured(
    exchange: Exchange, listing: Literal["documented", "captured"], expected: dict[str, str]
) -> None:
    """3.4: documents and practice disagree, so a script must work with both."""
    tenant = busy_tenant(behaviour={"outboundListing": listing})
    for each, name in zip(tenant["outboundConnectors"], ("S", "P", "T"), strict=True):
        each["Name"] = name
    assert exchange(LISTINGS, tenant).said == {key: list(value) for key, value in expected.items()}


def test_an_identity_is_a_name_a_guid_or_a_pattern(exchange: Exchange) -> None:
    """3.4: a name that holds * is a pattern, and everything it matches is acted on."""
    tenant = busy_tenant()
    add_rule(tenant, transport_rule("[ext] MARK two"))
    guid = tenant["transportRules"][1]["Guid"]
    text = f"""
    $said.all = @(Get-TransportRule).Count
    $said.null = @(Get-TransportRule -Identity $null).Count
    $said.pattern = @((Get-TransportRule '[EXT] mark *').Name)
    $said.noMatch = @(Get-TransportRule 'nothing*').Count
    $said.guid = (Get-TransportRule '{guid}').Name
    $said.piped = (Get-TransportRule 'block EXECUTABLES' | Get-TransportRule).Priority
    $said.disabled = @((Get-TransportRule -State Disabled).Priority)
    $said.first = @(Get-TransportRule -ResultSize 2 -WarningAction SilentlyContinue).Count
    $said.unlimited = @(Get-TransportRule -ResultSize Unlimited).Count
    $said.unknown = Try-It {{ Get-TransportRule nobody }}
    $said.remove = Try-It {{ Remove-TransportRule nobody -Confirm:$false }}
    Disable-TransportRule '[EXT] mark *' -Confirm:$false
    Get-TransportRule '{guid}' | Disable-TransportRule -Confirm:$false
    """
    run = exchange(text, tenant)
    assert run.said == {
        "all": 9,
        "null": 9,
        "pattern": ["[EXT] mark *", "[ext] MARK two"],
        "noMatch": 0,
        "guid": "Block executables",
        "piped": 1,
        "disabled": [2, 6],
        "first": 2,
        "unlimited": 9,
        "unknown": NOT_FOUND,
        "remove": NOT_FOUND,
    }
    assert [state for _, state in run.rules] == [
        *(
            "Disabled",
            "Disabled",
            "Disabled",
            "Enabled",
            "Enabled",
            "Enabled",
            "Disabled",
            "Enabled",
            "Disabled",
        )
    ]


def test_an_unknown_identity_can_return_everything(exchange: Exchange) -> None:
    """3.4: so says the reference; what changes objects still fails."""
    text = """
    $said.rules = @(Get-TransportRule nobody).Count
    $said.inbound = @(Get-InboundConnector nobody).Count
    $said.disable = Try-It { Disable-TransportRule nobody -Confirm:$false }
    """
    run = exchange(text, busy_tenant(behaviour={"unknownIdentity": "all"}))
    assert run.said == {"rules": 8, "inbound": 2, "disable": NOT_FOUND}


@pytest.mark.parametrize(
    ("creation", "expected"),
    [
        (
            "disabled",
            {"new": "ok", "warned": 1, "enabled": False, "set": "ok", "still": False, "partner": True},
        ),
        ("refused", {"new": "OrganizationInboundConnectorProhibitedException"}),
    ],
)
def test_some_tenants_do_not_get_an_inbound_connector_that_works(
    exchange: Exchange, creation: Literal["disabled", "refused"], expected: Object
) -> None:
    """6.3: created disabled with only a warning, or not at all."""
    text = """
    $said.new = Try-It {
        New-InboundConnector i -ConnectorType OnPremises -SenderDomains * `
            -WarningVariable script:warned -WarningAction SilentlyContinue
    }
    if ($said.new -eq 'ok') {
        $said.warned = @($script:warned).Count
        $said.enabled = (Get-InboundConnector i).Enabled
        $said.set = Try-It { Set-InboundConnector i -Enabled $true -WarningAction SilentlyContinue }
        $said.still = (Get-InboundConnector i).Enabled
        $said.partner = (New-InboundConnector p -ConnectorType Partner -SenderDomains a.example).Enabled
    }
    """
    assert exchange(text, empty_tenant(behaviour={"inboundCreation": creation})).said == expected


def test_a_connector_in_use_cannot_be_removed(exchange: Exchange) -> None:
    """5.2: the careful half of what is not documented; -WhatIf finds it too."""
    text = """
    $said.whatIf = Try-It { Remove-OutboundConnector 'Filter out' -WhatIf }
    $said.used = Try-It { Remove-OutboundConnector 'Filter out' -Confirm:$false }
    Remove-TransportRule Redirect -Confirm:$false
    $said.free = Try-It { Remove-OutboundConnector 'Filter out' -Confirm:$false }
    """
    tenant = rule_tenant()
    add_rule(tenant, transport_rule("Redirect", RouteMessageOutboundConnector="Filter out"))
    run = exchange(text, tenant)
    assert run.said == {"whatIf": "ObjectInUseException", "used": "ObjectInUseException", "free": "ok"}
    assert run.tenant["outboundConnectors"] == []


def test_a_connector_in_use_can_be_removed_where_the_service_allows_it(exchange: Exchange) -> None:
    """5.2: the other half. The same run shows a route that reads back as a Guid (3.3)."""
    text = """
    $rule = New-TransportRule Redirect -RouteMessageOutboundConnector 'FILTER OUT'
    $said.route = $rule.RouteMessageOutboundConnector
    $said.guid = (Get-OutboundConnector -IsTransportRuleScoped $true).Guid
    $said.remove = Try-It { Remove-OutboundConnector 'Filter out' -Confirm:$false }
    """
    behaviour: Behaviour = {"removeReferencedConnector": "allow", "routeReadsBackAs": "guid"}
    said = exchange(text, rule_tenant(behaviour=behaviour)).said
    assert said["route"] == said["guid"]
    assert said["remove"] == "ok"


# --- rules (2.4, 3.3, 4.1, 4.3) -------------------------------------------------------------------------


def test_a_rule_reads_back_complete_and_as_the_python_side_writes_it(exchange: Exchange) -> None:
    """3.3: every setting is there, State takes the place of Enabled."""
    text = """
    $null = New-TransportRule 'Loop Check' -HeaderContainsMessageHeader X-Filter -HeaderContainsWords 'a', 'b' `
        -RemoveHeader X-Filter -StopRuleProcessing $true -Enabled $false -Comments 'Ours'
    $said.read = Get-TransportRule
    $said.priority = $said.read.Priority.GetType().Name
    """
    run = exchange(text, empty_tenant())
    expected = transport_rule(
        "Loop Check",
        enabled=False,
        HeaderContainsMessageHeader="X-Filter",
        HeaderContainsWords=["a", "b"],
        RemoveHeader="X-Filter",
        StopRuleProcessing=True,
        Comments="Ours",
    )
    own = {"Guid", "ImmutableId", "WhenChanged"}
    read = run.said["read"]
    assert {key: value for key, value in read.items() if key not in own} == {
        key: value for key, value in expected.items() if key not in own
    }
    assert list(run.tenant["transportRules"][0]) == list(expected)
    assert read["Guid"] == read["ImmutableId"]
    assert run.said["priority"] == "Int32"
    assert (read["Mode"], read["RuleErrorAction"], read["RuleSubType"]) == ("Enforce", "Ignore", "None")


def test_priorities_stay_dense_and_a_new_rule_goes_to_the_bottom(exchange: Exchange) -> None:
    """4.1"""
    text = """
    function Names { @((Get-TransportRule).Name) -join ' ' }
    $said.bottom = (New-TransportRule e -RemoveHeader X).Priority
    $null = New-TransportRule f -RemoveHeader X -Priority 1
    $said.inserted = Names
    Set-TransportRule a -Priority 3
    $said.moved = Names
    Remove-TransportRule f -Confirm:$false
    $said.removed = Names
    $said.numbers = @((Get-TransportRule).Priority)
    $said.tooFar = Try-It { New-TransportRule g -Priority 6 }
    $said.tooFarForOld = Try-It { Set-TransportRule a -Priority 5 }
    $said.negative = Try-It { New-TransportRule g -Priority -1 }
    """
    run = exchange(text, rule_tenant("a", "b", "c", "d"))
    assert run.said == {
        "bottom": 4,
        "inserted": "a f b c d e",
        "moved": "f b c a d e",
        "removed": "b c a d e",
        "numbers": [0, 1, 2, 3, 4],
        "tooFar": INVALID,
        "tooFarForOld": INVALID,
        "negative": INVALID,
    }


def test_a_rule_is_checked_before_it_is_stored_and_also_with_whatif(exchange: Exchange) -> None:
    """2.4, 5.2"""
    text = """
    $said.headerAlone = Try-It { New-TransportRule x -HeaderContainsMessageHeader X-Filter }
    $said.wordsAlone = Try-It { New-TransportRule x -ExceptIfHeaderContainsWords a }
    $said.space = Try-It { New-TransportRule x -HeaderContainsMessageHeader X -HeaderContainsWords 'a ' }
    $said.noRoute = Try-It { New-TransportRule x -RouteMessageOutboundConnector nobody }
    $said.noRouteWhatIf = Try-It { New-TransportRule x -RouteMessageOutboundConnector nobody -WhatIf }
    $said.notScoped = Try-It { New-TransportRule x -RouteMessageOutboundConnector General }
    $said.duplicate = Try-It { New-TransportRule A }
    $said.rename = Try-It { Set-TransportRule b -Name a }
    $said.large = Try-It {
        New-TransportRule x -ApplyHtmlDisclaimerText ('d' * 5000) -RejectMessageReasonText ('r' * 4000)
    }
    $said.takeHeaderAway = Try-It { Set-TransportRule pair -HeaderContainsMessageHeader $null }
    $said.takeBothAway = Try-It {
        Set-TransportRule pair -HeaderContainsMessageHeader $null -HeaderContainsWords $null
    }
    $said.whatIf = Try-It { New-TransportRule x -RouteMessageOutboundConnector 'Filter out' -WhatIf }
    """
    tenant = rule_tenant("a", "b")
    tenant["outboundConnectors"].append(outbound_connector("General"))
    add_rule(tenant, transport_rule("pair", HeaderContainsMessageHeader="X", HeaderContainsWords=["a"]))
    run = exchange(text, tenant)
    assert "What if: Creating TransportRule 'x'." in run.output
    assert run.said == {
        "headerAlone": INVALID,
        "wordsAlone": INVALID,
        "space": INVALID,
        "noRoute": NOT_FOUND,
        "noRouteWhatIf": NOT_FOUND,
        "notScoped": INVALID,
        "duplicate": DUPLICATE,
        "rename": DUPLICATE,
        "large": INVALID,
        "takeHeaderAway": INVALID,
        "takeBothAway": "ok",
        "whatIf": "ok",
    }
    assert [name for name, _ in run.rules] == ["a", "b", "pair"]
    assert run.tenant["transportRules"][2]["HeaderContainsWords"] is None
    assert [call["cmdlet"] for call in run.log if call["changed"]] == ["Set-TransportRule"]
    assert [call["whatIf"] for call in run.log] == [False] * 4 + [True] + [False] * 6 + [True]


def test_the_mode_of_a_rule_stays_unless_enable_names_one(exchange: Exchange) -> None:
    """2.4"""
    text = """
    $null = New-TransportRule x -Mode Audit -Enabled $false
    Enable-TransportRule x
    $said.kept = (Get-TransportRule x).Mode
    Enable-TransportRule x -Mode enforce
    $said.named = (Get-TransportRule x).Mode
    """
    run = exchange(text, empty_tenant())
    assert run.said == {"kept": "Audit", "named": "Enforce"}
    assert run.rules == [("x", "Enabled")]


def test_no_tenant_has_more_than_300_rules(exchange: Exchange) -> None:
    """4.3"""
    run = exchange("$said.new = Try-It { New-TransportRule x }", rule_tenant(*(f"r{i}" for i in range(300))))
    assert run.said == {"new": INVALID}


# --- order of events, faults, and the way back ----------------------------------------------------------


def test_new_objects_can_be_late(exchange: Exchange) -> None:
    """5.1: the name lags for a number of Gets of its kind, but it is taken."""
    text = f"""
    $null = New-OutboundConnector x {SCOPED}
    $said.taken = Try-It {{ New-OutboundConnector x }}
    $said.route = Try-It {{ New-TransportRule r -RouteMessageOutboundConnector x }}
    $said.seen = 1..3 | ForEach-Object {{ @(Get-OutboundConnector -IsTransportRuleScoped $true).Count }}
    $said.routeNow = Try-It {{ New-TransportRule r -RouteMessageOutboundConnector x }}
    """
    run = exchange(text, empty_tenant(behaviour={"lateCalls": 2}))
    assert run.said == {"taken": DUPLICATE, "route": NOT_FOUND, "seen": [0, 0, 1], "routeNow": "ok"}


def test_faults_come_at_the_call_that_was_ordered(exchange: Exchange) -> None:
    tenant = rule_tenant(
        "a",
        faults=[
            {"kind": "error", "nth": 1, "cmdlet": "New-TransportRule"},
            {"kind": "lost", "nth": 2, "cmdlet": "New-TransportRule"},
            {"kind": "differs", "nth": 3, "cmdlet": "New-TransportRule"},
            {"kind": "warning", "nth": 5, "text": "Slow today."},
            {"kind": "throttle", "nth": 1, "cmdlet": "Get-InboundConnector"},
            {"kind": "delay", "nth": 2, "cmdlet": "Get-InboundConnector", "ms": 1},
        ],
    )
    text = """
    $said.error = Try-It { New-TransportRule e }
    $said.lost = Try-It { New-TransportRule l }
    $said.differs = (New-TransportRule d -RemoveHeader X).StopRuleProcessing
    $said.calm = (New-TransportRule c).StopRuleProcessing
    Enable-TransportRule a -WarningVariable warned -WarningAction SilentlyContinue
    $said.warning = "$warned"
    $said.throttle = Try-It { Get-InboundConnector }
    $said.again = Try-It { Get-InboundConnector }
    """
    run = exchange(text, tenant)
    assert run.said == {
        "error": "ADTransientException",
        "lost": "HttpRequestException",
        "differs": True,
        "calm": False,
        "warning": "Slow today.",
        "throttle": "ok",
        "again": "ok",
    }
    assert [name for name, _ in run.rules] == ["a", "l", "d", "c"]
    assert [(call["result"], call["changed"], call["faults"]) for call in run.log] == [
        ("error", False, ["error"]),
        ("error", True, ["lost"]),
        ("ok", True, ["differs"]),
        ("ok", True, []),
        ("ok", True, ["warning"]),
        ("ok", False, ["throttle"]),
        ("ok", False, ["delay"]),
    ]
    assert all(each["fired"] for each in run.tenant["faults"])
    assert [call["n"] for call in run.log] == list(range(1, 8))


@pytest.mark.parametrize(("kind", "rules"), [("kill", []), ("kill-after", [("x", "Enabled")])])
def test_the_process_can_end_before_or_after_a_change(
    exchange: Exchange, kind: Literal["kill", "kill-after"], rules: list[tuple[str, str]]
) -> None:
    text = "try { $null = New-TransportRule x } finally { New-TransportRule y }"
    run = exchange(text, empty_tenant(faults=[{"kind": kind, "nth": 1, "cmdlet": "New-TransportRule"}]))
    assert killed(run.code)
    assert run.rules == rules
    assert [(call["result"], call["changed"]) for call in run.log] == [("killed", bool(rules))]


def test_another_administrator_can_come_in_between(exchange: Exchange) -> None:
    def interfere(nth: int, change: Change) -> Fault:
        return {"kind": "interfere", "nth": nth, "change": change}

    other: Target = {"kind": "outbound", "name": "Filter 2", "values": {"Comment": "not ours", "TestMode": False}}
    tenant = rule_tenant(
        "a",
        "b",
        "c",
        faults=[
            interfere(1, {"remove": {"kind": "rule", "name": "a"}}),
            interfere(2, {"set": {"kind": "rule", "name": "b", "values": {"State": "Disabled", "Priority": 1}}}),
            interfere(3, {"create": {"kind": "rule", "name": "new", "values": {"StopRuleProcessing": True}}}),
            interfere(4, {"create": other}),
            interfere(5, {"remove": {"kind": "outbound", "name": "Filter out"}}),
        ],
    )
    text = """
    $said.removed = Try-It { Enable-TransportRule a }
    $said.seen = 2..3 | ForEach-Object { @((Get-TransportRule).Name) -join ' ' }
    $said.created = Try-It { New-OutboundConnector 'filter 2' }
    $said.gone = Try-It { New-TransportRule r -RouteMessageOutboundConnector 'Filter out' }
    """
    run = exchange(text, tenant)
    assert run.said == {
        "removed": NOT_FOUND,
        "seen": ["c b", "new c b"],
        "created": DUPLICATE,
        "gone": NOT_FOUND,
    }
    assert run.rules == [("new", "Enabled"), ("c", "Enabled"), ("b", "Disabled")]
    assert run.tenant["outboundConnectors"][0]["Comment"] == "not ours"


def test_a_round_trip_leaves_a_busy_tenant_exactly_as_it_was(exchange: Exchange) -> None:
    tenant = busy_tenant()
    text = f"""
    $null = New-InboundConnector in -ConnectorType OnPremises -SenderDomains * -RequireTls $true
    $null = New-OutboundConnector out {SCOPED}
    $null = New-TransportRule one -RemoveHeader X -Priority 2
    $null = New-TransportRule two -RouteMessageOutboundConnector out
    Start-Sleep -Seconds 1800
    Disable-TransportRule two -Confirm:$false
    Remove-TransportRule two -Confirm:$false
    Remove-TransportRule one -Confirm:$false
    Remove-OutboundConnector out -Confirm:$false
    Remove-InboundConnector in -Confirm:$false
    """
    run = exchange(text, tenant)
    assert run.code == 0, run.errors
    assert comparable(run.tenant) == comparable(tenant)
    sleep = run.log[4]
    assert (sleep["cmdlet"], sleep["parameters"], sleep["n"]) == ("Start-Sleep", {"Seconds": 1800}, None)
    assert [call["n"] for call in run.log if call is not sleep] == list(range(1, 10))


def test_awkward_text_survives_the_state_file(exchange: Exchange) -> None:
    """3.5: dates are the trap, as the engine makes one of every string that looks like it."""
    awkward = [
        "2025-01-01T00:00:00Z",
        "/Date(1777880642000)/",
        "O\u2019Neill \"q\" 'q' <&> \u20ac",
        "a\r\nb\tc\\",
    ]
    tenant = empty_tenant()
    for name in awkward:
        add_rule(tenant, transport_rule(name, Comments=name, SubjectContainsWords=[name, "x"]))
    text = """
    $said.names = @((Get-TransportRule).Name)
    $said.words = @(Get-TransportRule | ForEach-Object { $_.SubjectContainsWords[0] })
    $said.types = @(Get-TransportRule | ForEach-Object { $_.Comments.GetType().Name } | Select-Object -Unique)
    Set-TransportRule $said.names[0] -Comments "$([char]0x2018)neu$([char]0x2019)"
    """
    run = exchange(text, tenant)
    assert run.said == {"names": awkward, "words": awkward, "types": ["String"]}
    assert [rule["Name"] for rule in run.tenant["transportRules"]] == awkward
    assert run.tenant["transportRules"][0]["Comments"] == "\u2018neu\u2019"


def test_a_setting_that_no_object_has_is_refused() -> None:
    with pytest.raises(ValueError, match="no such property: Enable"):
        outbound_connector("x", Enable=True)


def test_every_setting_of_new_and_set_has_its_place_in_the_objects() -> None:
    catalogue = load_catalogue()
    shapes = {
        "InboundConnector": INBOUND,
        "OutboundConnector": OUTBOUND,
        "TransportRule": rule_shape(catalogue),
    }
    # Enabled reads back as State (3.4); the others are not stored.
    apart = {"Identity", "Enabled", "UseLegacyRegex"}
    for noun, shape in shapes.items():
        for verb in ("New", "Set"):
            assert catalogue["cmdlets"][f"{verb}-{noun}"]["parameters"].keys() - shape.keys() <= apart
