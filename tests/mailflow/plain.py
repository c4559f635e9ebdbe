"""The model once more, as plainly as it can be written: every choice both ways, no way left out, twenty rounds.

It knows rules, connectors to the filter and to others, and our filter that works. What rules look at is not repeated.
"""

from collections.abc import Iterator

from mm365.mailflow.conditions import INSIDE, OUTSIDE, Envelope
from mm365.mailflow.message import Message, is_internal
from mm365.mailflow.tenant import Tenant

ROUNDS = 20


class _Chosen:
    """Answers by a list, in the order in which they are asked for; what is beyond its end is True."""

    def __init__(self, answers: list[bool]) -> None:
        self.answers = answers
        self.by_name: dict[str, bool] = {}

    def __call__(self, name: str) -> bool:
        if name not in self.by_name:
            if len(self.by_name) == len(self.answers):
                self.answers.append(True)
            self.by_name[name] = self.answers[len(self.by_name)]
        return self.by_name[name]


def verdicts(message: Message, tenant: Tenant) -> set[str]:
    """All that may become of a message."""
    return set(_all(message, tenant))


def _all(message: Message, tenant: Tenant) -> Iterator[str]:
    answers: list[bool] = []
    while True:
        yield _one(message, tenant, _Chosen(answers))
        # The next list of answers, as one counts down in binary.
        while answers and not answers[-1]:
            answers.pop()
        if not answers:
            return
        answers[-1] = False


def _one(message: Message, tenant: Tenant, ask: _Chosen) -> str:
    recipient = message.recipients[0]
    envelope = Envelope(message, recipient)
    from_inside = is_internal(message.sender, tenant.accepted_domains)
    to_inside = is_internal(recipient, tenant.accepted_domains)
    envelope.from_scope = INSIDE if from_inside or not to_inside else OUTSIDE
    envelope.to_scope = INSIDE if to_inside else OUTSIDE
    for round_ in range(ROUNDS + 1):
        end, routes = _rules(envelope, tenant, ask, "first" if round_ == 0 else "return")
        if end:
            return end
        if not routes:
            return "delivered-filtered" if round_ else "delivered-unfiltered"
        connector = tenant.connector(routes[0] if len(routes) == 1 or ask("first wins") else routes[-1])
        if connector is None or not connector.enabled:
            return "depends"
        if not connector.to_filter:
            return "routed-elsewhere"
        envelope.headers = {**envelope.headers, "x-mmcloud-id": tenant.header_id}
        if not (from_inside or to_inside):
            return "rejected"
        envelope.from_scope = (INSIDE if ask("scope") else OUTSIDE) if from_inside else OUTSIDE
    return "looped"


def _rules(envelope: Envelope, tenant: Tenant, ask: _Chosen, place: str) -> tuple[str, list[str]]:
    routes: list[str] = []
    for rule in tenant.rules:
        applies = rule.applies(envelope)
        if not (ask(f"{place} {rule.name}") if applies is None else applies):
            continue
        if rule.audits:
            if ask("audit"):
                break
            continue
        if rule.ends:
            return rule.ends.value, []
        if rule.removes:
            envelope.headers = {name: value for name, value in envelope.headers.items() if name != rule.removes}
        if rule.sets:
            envelope.headers = {**envelope.headers, rule.sets[0]: rule.sets[1]}
        envelope.subject = rule.prepends + envelope.subject
        if rule.route and rule.route not in routes and len(routes) <= 1:
            routes.append(rule.route)
        if rule.stops:
            break
    return "", routes
