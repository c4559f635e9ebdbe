"""Transport rules: what they store, their order, and what is refused."""

from mm365.emulator.tenants import add_rule, empty_tenant, outbound_connector, transport_rule
from tests.exchange.running import DUPLICATE, INVALID, NOT_FOUND, Exchange, rule_tenant


def test_a_rule_reads_back_complete_and_as_the_python_side_writes_it(exchange: Exchange) -> None:
    """Every setting is there, State takes the place of Enabled."""
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
    run = exchange(text, tenant, alone=True)
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
    run = exchange("$said.new = Try-It { New-TransportRule x }", rule_tenant(*(f"r{i}" for i in range(300))))
    assert run.said == {"new": INVALID}
