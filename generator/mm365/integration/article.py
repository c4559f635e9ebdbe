"""The four objects of KB Q21244.

``connectors`` and ``rules`` are the only places that say what is created, and why: the scripts' values, their
reasons, the change request's table and the notebooks are made from it.
"""

from mm365.exchange.objects import Integration
from mm365.integration.connectors import inbound_connector, outbound_connector
from mm365.integration.rules import loop_check, redirect
from mm365.request.request import Request


def build_integration(request: Request) -> Integration:
    """The four objects for a request. Without a header ID only the connectors make sense."""
    return Integration(
        inbound=inbound_connector(request.region),
        outbound=outbound_connector(request.region),
        loop_check=loop_check(request),
        redirect=redirect(request),
    )
