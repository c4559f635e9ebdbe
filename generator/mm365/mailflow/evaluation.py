"""What one rule does to a message on one way."""

from collections.abc import Callable

from mm365.mailflow import assumptions as assume
from mm365.mailflow.assumptions import Choice
from mm365.mailflow.conditions import INSIDE, OUTSIDE, SCOPES
from mm365.mailflow.rule import Rule
from mm365.mailflow.tenant import Tenant
from mm365.mailflow.verdict import Verdict
from mm365.mailflow.way import EXCHANGE, End, Way


class Evaluation:
    """Evaluates rules of a tenant. ``ask`` says whether something open is so on a way."""

    def __init__(self, tenant: Tenant, ask: Callable[[Way, Choice], bool]) -> None:
        self._tenant = tenant
        self._ask = ask

    def meet(self, way: Way, rule: Rule, applies: bool | None) -> End | None:
        """What a rule does to a message that it applies to, or may apply to."""
        if applies is not False:
            applies = self._settled(way, rule, applies)
        if applies is False:
            if rule.watched:
                is_late = way.worked.get(rule.position) is False
                way.tell(EXCHANGE, "no-match", "does not work here yet" if is_late else "does not apply", rule.shown)
            return None
        if applies is None:
            way.tell(EXCHANGE, "may-apply", rule.may_do, rule.shown)
            self._count(way, rule)
            return None
        return self._apply(way, rule)

    def _settled(self, way: Way, rule: Rule, applies: bool | None) -> bool | None:
        """Whether a rule applies on this way; None where it may, and the way is the same whether or not it does."""
        if not self._changes(way, rule):
            return applies
        if applies is None and rule.reads_scope and way.envelope.from_scope is None:
            applies = self._by_scope(way, rule)
        if applies is None:
            question = assume.APPLIES_FIRST if way.number == 1 else assume.APPLIES_ON_RETURN
            applies = self._ask(way, Choice(question, rule.name))
        if applies and rule.audits:
            applies = self._ask(way, Choice(assume.AUDIT_STOPS))
        if applies and rule.propagating:
            applies = self._ask(way, Choice(assume.WORKS, f"{rule.name} on pass {way.number}"))
            way.worked[rule.position] = applies
        return applies

    def _by_scope(self, way: Way, rule: Rule) -> bool | None:
        envelope = way.envelope
        found = []
        for scope in SCOPES:
            envelope.from_scope = scope
            found.append(rule.applies(envelope))
        envelope.from_scope = None
        if found[0] == found[1]:
            return found[0]
        inside = self._ask(way, Choice(assume.RETURNED_IS_INTERNAL))
        envelope.from_scope = INSIDE if inside else OUTSIDE
        return found[0] if inside else found[1]

    def _changes(self, way: Way, rule: Rule) -> bool:
        """Whether the way of the message would be another one if the rule applied here."""
        envelope, read = way.envelope, self._tenant.headers_read
        if rule.ends or rule.unknown or rule.stops:
            return True
        if rule.removes in read and rule.removes in envelope.headers:
            return True
        if rule.sets and rule.sets[0] in read and envelope.headers.get(rule.sets[0]) != rule.sets[1]:
            return True
        if rule.route and len(way.noted) <= 1 and not self._is_noted(way, rule):
            return True
        return bool(rule.prepends) and self._tenant.subject_read

    def _apply(self, way: Way, rule: Rule) -> End | None:
        if rule.audits:
            way.tell(EXCHANGE, "rule", "is in mode Audit and stops rule processing all the same", rule.shown)
            way.ended_by, way.at = rule, len(self._tenant.rules)
            return None
        way.tell(EXCHANGE, "rule", rule.does, rule.shown)
        if rule.unknown:
            way.ended_by = rule
            way.assumptions[assume.named(assume.UNKNOWN_ACTION, f"{rule.name}: {rule.unknown}")] = None
            return way.end(Verdict.DEPENDS)
        if rule.ends:
            way.ended_by = rule
            if rule.ends is Verdict.REJECTED:
                way.assumptions[assume.REJECT_ENDS] = None
            return way.end(rule.ends, rule.code if rule.ends is Verdict.REJECTED else None)
        self._change(way, rule)
        if rule.route and len(way.noted) <= 1 and not self._is_noted(way, rule):
            way.noted.append((rule, self._tenant.connector(rule.route)))
        self._count(way, rule)
        if rule.stops:
            way.ended_by, way.at = rule, len(self._tenant.rules)
        return None

    def _change(self, way: Way, rule: Rule) -> None:
        envelope = way.envelope
        if rule.removes and rule.removes in envelope.headers:
            envelope.headers = {name: text for name, text in envelope.headers.items() if name != rule.removes}
        if rule.sets:
            envelope.headers = {**envelope.headers, rule.sets[0]: rule.sets[1]}
        if rule.prepends:
            envelope.subject = rule.prepends + envelope.subject
            if self._tenant.subject_read:
                way.assumptions[assume.SEES_SUBJECT] = None

    @staticmethod
    def _count(way: Way, rule: Rule) -> None:
        if rule.counted and not rule.audits:
            way.acted[rule] = (*way.acted.get(rule, ()), way.number)

    def _is_noted(self, way: Way, rule: Rule) -> bool:
        """Whether the connector of a rule is noted already; its name and its Guid are the same connector."""
        connector = self._tenant.connector(rule.route)
        return any(
            noted is connector if connector else noted is None and other.route.casefold() == rule.route.casefold()
            for other, noted in way.noted
        )
