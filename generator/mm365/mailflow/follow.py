"""Messages followed through Exchange Online and the filter, along every way that is open.

One pass: the rules in their order, then the connector that they named; through the filter; and in again. Where
something is not documented the way is copied, and both copies go on with the assumption noted. A rule that may or may
not apply is followed both ways only where that changes the way of the message.
"""

from mm365.integration.rules import HEADER
from mm365.mailflow import assumptions as assume
from mm365.mailflow.assumptions import Choice
from mm365.mailflow.conditions import INSIDE, OUTSIDE, Envelope
from mm365.mailflow.evaluation import Evaluation
from mm365.mailflow.message import Filter, Message, Start, is_internal, others_id
from mm365.mailflow.tenant import Connector, Tenant
from mm365.mailflow.verdict import ATTRIBUTION_CODE, LOOP_CODE, MOST_ROUNDS, Verdict
from mm365.mailflow.way import BACK, EXCHANGE, FILTER, INTERNET, MAILBOX, OUT, End, Way

MOST_WAYS = 256
"""Ways of one message that are followed; a tenant in which more is open gets a verdict that says so."""
_STAMPED = HEADER.lower()


class Following:
    """Follows one message to one recipient. ``whole`` says afterwards whether every way was followed."""

    def __init__(self, message: Message, recipient: str, tenant: Tenant) -> None:
        self.message = message
        self.tenant = tenant
        self.evaluation = Evaluation(tenant, self._ask)
        self.to_inside = is_internal(recipient, tenant.accepted_domains)
        self.from_inside = is_internal(message.sender, tenant.accepted_domains)
        self.recipient = recipient
        self.open: list[Way] = []
        self.whole = True

    def ends(self) -> list[End]:
        """How each way ends."""
        self.open = [self._start()]
        done: list[End] = []
        while self.open:
            if len(done) >= MOST_WAYS:
                self.whole = False
                break
            done.append(self._to_its_end(self.open.pop()))
        return done

    def _start(self) -> Way:
        envelope = Envelope(self.message, self.recipient)
        # Mail from the internet has a sender that is not the tenant's, and a recipient that is.
        from_internet = self.to_inside and not self.from_inside
        envelope.from_scope = OUTSIDE if from_internet else INSIDE
        envelope.to_scope = INSIDE if self.to_inside else OUTSIDE
        way = Way(envelope)
        place = "the internet" if from_internet else "a mailbox"
        way.tell(EXCHANGE, "entered", f"The message comes from {place}.")
        way.entry = self._state("entry", way)
        return way

    def _to_its_end(self, way: Way) -> End:
        end = self._special(way)
        while end is None:
            end = self._pass(way)
        return end

    def _special(self, way: Way) -> End | None:
        """What the standard messages begin with that do not simply enter."""
        start = self.message.start
        if start is Start.TOO_LARGE:
            way.tell(EXCHANGE, "ended", "It is larger than the mailbox allows, which is looked at before the rules.")
            return way.end(Verdict.REJECTED)
        if start is Start.RELEASED and way.passes == 0:
            way.tell(EXCHANGE, "released", "It is released from a rule's quarantine; the rules below do not see it.")
            return self._deliver(way)
        if start is Start.IN_FILTER and way.passes == 0:
            way.tell(FILTER, "waiting", "The message is in the filter already.")
            return self._through_filter(way, None)
        return None

    def _ask(self, way: Way, choice: Choice) -> bool:
        """Whether it is so on this way. The first time, a copy of the way goes on with the opposite."""
        if choice in way.choices:
            return way.choices[choice]
        other = way.copy()
        other.choices[choice] = False
        self.open.append(other)
        way.choices[choice] = True
        return True

    # ---- one pass

    def _pass(self, way: Way) -> End | None:
        """Through the rules from where the way stands, and out; None where the message comes back in."""
        if (kind := self.message.unseen_kind) and not self._ask(way, Choice(assume.RULES_SEE, kind)):
            return self._leave(way)
        rules, envelope = self.tenant.rules, way.envelope
        last = len(rules)
        while way.at < last:
            rule = rules[way.at]
            applies = rule.applies(envelope)
            if applies is False and not rule.watched:
                way.at += 1
                continue
            end = self.evaluation.meet(way, rule, applies)
            if end is not None:
                return end
            way.at += 1
        return self._leave(way)

    # ---- out of Exchange Online

    def _leave(self, way: Way) -> End | None:
        if not way.noted:
            return self._deliver(way)
        first = True
        if len(way.noted) > 1:
            way.disputed = True
            first = self._ask(way, Choice(assume.FIRST_WINS))
        rule, connector = way.noted[0 if first else -1]
        way.noted = [(rule, connector)]
        if connector is None or not connector.enabled:
            state = "is off" if connector else "is not in the tenant"
            way.tell(OUT, "ended", f"The connector {state}. What then becomes of mail is not documented.", rule.route)
            way.assumptions[assume.named(assume.CONNECTOR_OFF, rule.route)] = None
            return way.end(Verdict.DEPENDS)
        return self._by(way, connector)

    def _by(self, way: Way, connector: Connector) -> End | None:
        if connector.tests_only and not self._ask(way, Choice(assume.TEST_MODE_CARRIES, connector.name)):
            way.tell(OUT, "ended", "The connector is in test mode.", connector.name)
            way.assumptions[assume.named(assume.TEST_MODE, connector.name)] = None
            return way.end(Verdict.DEPENDS)
        if not connector.to_filter:
            way.tell(OUT, "routed", "The message leaves by this connector.", connector.name)
            return way.end(Verdict.ELSEWHERE, connector=connector)
        way.tell(OUT, "routed", "The message goes to the filter.", connector.name)
        if self.message.filter is Filter.DOWN:
            way.tell(FILTER, "queued", "The filter does not answer: the message waits and is tried again.")
            return way.end(Verdict.QUEUED, connector=connector)
        return self._through_filter(way, connector)

    def _deliver(self, way: Way) -> End | None:
        if not self.to_inside and (connector := self.tenant.for_domain(self.recipient)):
            return self._by(way, connector)
        place, text = (MAILBOX, "the mailbox") if self.to_inside else (INTERNET, "the recipient's server")
        way.tell(place, "delivered", f"The message is delivered to {text}.")
        return way.end(Verdict.FILTERED if way.passes else Verdict.UNFILTERED)

    # ---- the filter, and the way back

    def _through_filter(self, way: Way, connector: Connector | None) -> End | None:
        state = (way.entry, tuple(sorted(way.worked.items())))
        way.passes += 1
        if state in way.seen or way.passes > MOST_ROUNDS:
            way.tell(
                EXCHANGE, "looped", "This pass is as one before: the message goes round until the service ends it."
            )
            way.assumptions[assume.ROUND_TRIP_COUNTS] = None
            way.passes -= 1
            return way.end(Verdict.LOOPED, LOOP_CODE)
        way.seen |= {state}
        self._stamp(way)
        return self._return(way, connector)

    def _stamp(self, way: Way) -> None:
        stamps = self.message.filter
        if stamps is Filter.NONE:
            way.tell(FILTER, "passed", "The filter puts no header on the message.")
            return
        ours = self.tenant.header_id
        value, whose = (ours, "this customer's") if stamps is Filter.OURS else (others_id(ours), "another customer's")
        way.envelope.headers = {**way.envelope.headers, _STAMPED: value}
        way.assumptions[assume.REPLACES_HEADER] = None
        way.tell(FILTER, "stamped", f"The filter puts {whose} ID into {HEADER}.")

    def _return(self, way: Way, connector: Connector | None) -> End | None:
        tenant, envelope = self.tenant, way.envelope
        if not (self.to_inside or (tenant.returns_by and self.from_inside)):
            way.tell(
                BACK,
                "rejected",
                "Neither sender nor recipient makes the message the tenant's.",
                tenant.returns_by or None,
            )
            return way.end(Verdict.REJECTED, ATTRIBUTION_CODE)
        if not tenant.returns_by:
            way.tell(
                EXCHANGE, "returned", "No connector takes the message back: it comes in as mail from the internet."
            )
            way.assumptions[assume.RETURNS_AS_INTERNET_MAIL] = None
            envelope.from_scope = OUTSIDE
        else:
            way.tell(BACK, "returned", "The connector takes the message back.", tenant.returns_by)
            if self.message.sender and not self.from_inside:
                way.assumptions[assume.NOBODY_ELSES] = None
            envelope.from_scope = self._returned_scope(way, connector)
        way.number += 1
        way.at, way.noted, way.ended_by, way.worked = 0, [], None, {}
        way.entry = self._state("back" if tenant.returns_by else "internet", way)
        return None

    def _returned_scope(self, way: Way, connector: Connector | None) -> str | None:
        if not self.from_inside:
            return OUTSIDE
        if self.tenant.keeps_headers and connector is not None and connector.keeps_headers:
            return INSIDE
        known = way.choices.get(Choice(assume.RETURNED_IS_INTERNAL))
        return None if known is None else INSIDE if known else OUTSIDE

    def _state(self, place: str, way: Way) -> object:
        """What the rules can see of a message that begins a pass."""
        tenant, envelope = self.tenant, way.envelope
        read = frozenset(pair for pair in envelope.headers.items() if pair[0] in tenant.headers_read)
        return place, read, envelope.subject if tenant.subject_read else ""
