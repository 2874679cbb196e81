"""What a document is read as, in a form that tests can walk."""

from __future__ import annotations

from tracker_tui.exchange.nodes import Listing, Node


def tree(listing: Listing) -> list[Node]:
    """Return the roots of a listing, each node with its children."""
    nodes = list(listing)
    roots: list[Node] = []
    for node, above in zip(nodes, listing.above, strict=True):
        (roots if above < 0 else nodes[above].children).append(node)
    return roots
