"""Lower `items`, `prefixItems` and `additionalItems`."""

from __future__ import annotations

from structgen.schema.lowering.node import NodeLowering


def lower_items(lowering: NodeLowering) -> None:
    """Write tuples with `prefixItems`: before 2020-12 they are in `items`, the rest in `additionalItems`."""
    source, node = lowering.source, lowering.node
    items = source.get("items")
    if isinstance(items, list):
        node["prefixItems"] = [lowering.lower(item) for item in items]
        if "additionalItems" in source:
            node["items"] = lowering.lower(source["additionalItems"])
        return
    if "prefixItems" in source and lowering.compilation.dialect.name == "draft2020-12":
        node["prefixItems"] = [lowering.lower(item) for item in source["prefixItems"]]
    if items is not None:
        node["items"] = lowering.lower(items)
