"""
Run a trained graph node by node, in the order of its edges.

Rasa hands its graph to a dask scheduler for every message, which costs more than
the few nodes themselves. A model's graph never changes, so its order is found once.
"""

import functools
from collections.abc import Callable
from graphlib import TopologicalSorter
from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage

Step = tuple[Callable[..., Any], str, tuple[tuple[str, str], ...]]
"""What is called, the node's name, and which node or input each parameter comes from."""


class DirectGraphRunner(GraphRunner):
    """Rasa's GraphRunner without a scheduler; see rasa/engine/runner/interface.py."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._orders: dict[tuple[str, ...], list[Step]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> Self:
        """Load every component of the graph."""
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of `targets` (default: the graph's own) for `inputs` (placeholder name -> value)."""
        wanted = tuple(targets or self._schema.target_names)
        results = dict(inputs or {})
        if wanted not in self._orders:
            self._orders[wanted] = self._order(wanted)
        for call, name, needs in self._orders[wanted]:
            results[name] = call(**{parameter: results[source] for parameter, source in needs})
        return {name: results[name] for name in wanted}

    def _order(self, targets: tuple[str, ...]) -> list[Step]:
        schema = self._schema.minimal_graph_schema(list(targets))
        edges = {name: list(node.needs.values()) for name, node in schema.nodes.items()}
        # Placeholders (message, tracker) are in the order, too, but have no node: they are inputs.
        return [self._step(name) for name in TopologicalSorter(edges).static_order() if name in edges]

    def _step(self, name: str) -> Step:
        # Past GraphNode's own `__call__`, which spells out for a debug log what it does, and sorts its inputs anew.
        node = self._nodes[name]
        return functools.partial(node._fn, node._component), name, tuple(node._inputs.items())
