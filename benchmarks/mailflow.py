"""How long it takes to follow messages through rules: ``python -m benchmarks.mailflow``.

Measures the time of the processor, on one core, for several numbers of messages and of rules. Prints what a whole run
takes, and the cost of one message and of one rule. Ends with exit code 1 if the whole run is above its bar, or if the
cost is not the same, within a margin, at every size.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mm365.mailflow.judgement import judge_all
from mm365.mailflow.message import Message
from mm365.mailflow.tenant import Found, Stage, Tenant, tenant_at
from mm365.request.request import Request, build_request

MESSAGES = (100, 1_000, 10_000)
MOST_RULES = 300
RULES = (74, 146, 298)
"""Numbers of rules, ours included, that have as many of each kind."""
BAR = 5.0
"""Seconds for the most messages through the most rules."""
MARGIN = 0.2
"""How much the cost of a message, or of a rule, may differ from the middle of all."""
RUNS = 5
OWN = 2
"""Loop Check and Redirect are rules too."""

_VALUES = {"region": "eu", "header_id": "3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11", "tenant": "contoso.com"}


def rule(number: int) -> dict[str, Any]:
    """A rule of others, as tenants have them; every eighth applies to some of the messages."""
    kinds: tuple[dict[str, Any], ...] = (
        {"SenderDomainIs": (f"sender-{number}.example", f"other-{number}.example"), "SetSCL": "-1"},
        {"SubjectContainsWords": (f"project {number}", f"offer-{number}"), "PrependSubject": "[!] "},
        {"HeaderContainsMessageHeader": f"X-App-{number}", "HeaderContainsWords": ("yes",), "StopRuleProcessing": True},
        {"SentTo": (f"list-{number}@contoso.com",), "BlindCopyTo": ("archive@contoso.com",)},
        {"FromScope": "NotInOrganization", "RecipientDomainIs": (f"unit-{number}.contoso.com",), "SetSCL": "6"},
        {"MessageSizeOver": "25 MB (26,214,400 bytes)", "RejectMessageReasonText": "Too large."},
        {"HeaderMatchesMessageHeader": "X-Spam", "HeaderMatchesPatterns": (rf"=\d+{number}",), "DeleteMessage": True},
        {"FromScope": "InOrganization", "SenderDomainIs": (f"unit-{number}.example",), "ApplyHtmlDisclaimerText": "x"},
    )  # fmt: skip
    return {"Name": f"rule {number}", "Enabled": True, "Mode": "Enforce", **kinds[number % len(kinds)]}


def messages(number: int) -> list[Message]:
    """Messages that differ in what the rules look at."""
    like = Message(name="m", sender="", recipients=("user@contoso.com",), headers={"x-spam": "Status: No, score=1"})
    return [
        replace(
            like,
            sender=f"person-{at}@sender-{at % 400}.example",
            subject=f"Minutes of meeting {at} and what follows from it",
            recipients=(f"user-{at % 50}@contoso.com",),
        )
        for at in range(number)
    ]


def seconds(work: Callable[[], object]) -> float:
    """The time of the processor that some work takes, the least of a few runs: the rest is the machine's."""
    found = []
    for _ in range(RUNS):
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return min(found)


def tenant_of(request: Request, number_of_rules: int) -> Tenant:
    """A tenant with so many rules, ours included."""
    rules = tuple(rule(number) for number in range(number_of_rules - OWN))
    return tenant_at(Stage.REDIRECT, request, found=Found(rules=rules))


def measured(request: Request, number_of_messages: int, number_of_rules: int) -> float:
    """Seconds for so many messages through so many rules, which have been read."""
    tenant, sent = tenant_of(request, number_of_rules), messages(number_of_messages)
    return seconds(lambda: judge_all(sent, tenant))


def spread(costs: list[float]) -> float:
    """How far the costs are from the middle of all, at most."""
    middle = statistics.median(costs)
    return max(abs(cost - middle) for cost in costs) / middle


def main() -> int:
    """Measure, print, and compare with the bars."""
    request = build_request(_VALUES, needs=())
    most_messages, some_messages = MESSAGES[-1], MESSAGES[-1] // 5
    by_messages = {number: measured(request, number, MOST_RULES) for number in MESSAGES}
    by_rules = {number: measured(request, some_messages, number) for number in RULES}
    reading = seconds(lambda: tenant_of(request, MOST_RULES))
    whole = reading + by_messages[most_messages]
    print(f"{most_messages:,} messages through {MOST_RULES} rules: {whole:.2f} s (at most {BAR:.0f})")
    print(f"  to read the rules, once: {reading * 1e3:.0f} ms")
    per_message = [found / number for number, found in by_messages.items()]
    for number, cost in zip(MESSAGES, per_message, strict=True):
        print(f"  {number:>6,} messages  {cost * 1e6:8.1f} us a message")
    # What a message costs without rules is the same for all numbers of rules, so it is left out of their cost.
    without = measured(request, some_messages, OWN)
    per_rule = [(found - without) / (some_messages) / (number - OWN) for number, found in by_rules.items()]
    for number, cost in zip(RULES, per_rule, strict=True):
        print(f"  {number:>6,} rules     {cost * 1e9:8.1f} ns a rule and message")
    spreads = {"message": spread(per_message), "rule": spread(per_rule)}
    for name, value in spreads.items():
        print(f"cost of one {name:<8} within {value:.0%} of the middle (at most {MARGIN:.0%})")
    return int(whole > BAR or any(value > MARGIN for value in spreads.values()))


if __name__ == "__main__":
    sys.exit(main())
