"""Where graphs come from: a frozen file, a session, a GraphDef object."""
from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Optional

from .. import _native
from ..errors import Problem, explain, misuse, nearest
from .names import ONE_RESULT, tensor_name


class Source(NamedTuple):
    """A graph's bytes and its nodes: (name, op, shape, dtype, inputs) each."""

    content: bytes
    nodes: Sequence[tuple]

    @property
    def ops(self) -> frozenset:
        return frozenset(n[1] for n in self.nodes)

    def SerializeToString(self) -> bytes:  # noqa: N802 - a GraphDef's method
        return self.content


def _is_variable(op: str) -> bool:
    return op.startswith("Variable") or op.endswith("VariableOp")


def read_frozen_graph(path: Any) -> Source:
    """A frozen GraphDef, binary or text.

    Raises:
      OSError: no such file, or no GraphDef.
      UnicodeDecodeError: neither a binary GraphDef nor text (TensorFlow tries text last).
      ValueError: the graph has variables, or its nodes do not fit together.
    """
    path = os.fspath(path)
    if not os.path.exists(path):
        folder = os.path.dirname(path) or "."
        note = f"there is no folder '{folder}'" if not os.path.isdir(folder) else _files(folder, os.path.basename(path))
        raise misuse(OSError, f"File '{path}' does not exist.", note, code="TN1001")
    if os.path.isdir(path):
        raise misuse(OSError, f"{path.rstrip('/')}; Is a directory", "from_saved_model reads a SavedModel's folder", code="TN1001")
    with open(path, "rb") as f:
        content = f.read()
    nodes, problems = _native.graph_nodes(content)
    if nodes is None:
        if not content or "holds no GraphDef nodes" in problems[0].message:
            return Source(content, ())  # no tensor can be found in it, which is what TensorFlow says
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as e:
            raise explain(e, problems) from None
        raise explain(OSError(f"Unable to parse input file '{path}'."), problems)
    _check_edges(nodes)
    variables = [n[0] for n in nodes if _is_variable(n[1])]
    if variables:
        text = "Please freeze the graph using freeze_graph.py."
        more = f" and {len(variables) - 5} more" if len(variables) > 5 else ""
        raise misuse(ValueError, text, f"variables: {', '.join(variables[:5])}{more}", code="TN1014", nodes=variables)
    return Source(content, nodes)


def _check_edges(nodes: Sequence[tuple]) -> None:
    """TensorFlow's checks when it loads a graph: unique names, inputs that exist, no cycle."""
    index: dict[str, int] = {}
    for i, n in enumerate(nodes):
        if index.setdefault(n[0], i) != i:
            raise misuse(ValueError, f"Node '{n[0]}' is not unique", code="TN1007", nodes=[n[0]])
    waits, readers = [0] * len(nodes), [[] for _ in nodes]  # type: ignore[var-annotated]
    for i, n in enumerate(nodes):
        for read in n[4]:
            name, _, slot = read.lstrip("^").partition(":")
            source = index.get(name)
            if source is None:
                near = nearest(name, index)
                raise misuse(
                    ValueError, f"Node '{n[0]}': Unknown input node '{read}'", *([f"did you mean '{near}'?"] if near else []), code="TN1010", nodes=[n[0]]
                )
            op = nodes[source][1]
            if slot.isdecimal() and slot != "0" and op in ONE_RESULT:
                text = f"Node '{n[0]}': Connecting to invalid output {slot} of source node {name} which has 1 outputs."
                raise misuse(ValueError, text, code="TN1010", nodes=[n[0], name])
            if op != "NextIteration":  # a loop's back edge
                waits[i] += 1
                readers[source].append(i)
    ready = [i for i, w in enumerate(waits) if not w]
    for i in ready:
        for r in readers[i]:
            waits[r] -= 1
            if not waits[r]:
                ready.append(r)
    if len(ready) < len(nodes):
        stuck = [n[0] for n, w in zip(nodes, waits) if w]
        raise misuse(ValueError, f"{len(stuck)} nodes in a cycle", f"among {', '.join(stuck[:5])}", code="TN1011", nodes=stuck)


def _files(folder: str, name: str) -> str:
    near = nearest(name, os.listdir(folder))
    if near:
        return f"did you mean '{os.path.join(folder, near)}'?"
    graphs = sorted(f for f in os.listdir(folder) if f.endswith((".pb", ".pbtxt")))
    return "graphs in that folder: " + ", ".join(graphs[:5]) if graphs else f"'{folder}' holds no .pb or .pbtxt file"


def from_graph_def(graph_def: Any) -> Optional[Source]:
    """A GraphDef message (anything with SerializeToString), its bytes, or None.

    Raises:
      TypeError: it is none of these.
      ValueError: the bytes are no GraphDef.
    """
    if graph_def is None or isinstance(graph_def, Source):
        return graph_def
    if hasattr(graph_def, "SerializeToString"):
        content = graph_def.SerializeToString()
    elif isinstance(graph_def, (bytes, bytearray, memoryview)):
        content = bytes(graph_def)
    else:
        raise misuse(TypeError, f"graph_def is a {type(graph_def).__name__}, not a GraphDef")
    nodes, problems = _native.graph_nodes(content)
    if nodes is None:
        raise explain(ValueError("\n".join(map(str, problems))), problems)
    return Source(content, nodes)


def from_session(sess: Any, output_tensors: Iterable[Any]) -> Source:
    """A TensorFlow session's graph, variables replaced by their present values.

    Needs TensorFlow only where there are variables, and then takes it from the session's own package.
    """
    graph_def = sess.graph.as_graph_def()
    if any(_is_variable(n.op) or n.op == "VarHandleOp" for n in graph_def.node):
        package = importlib.import_module(type(sess).__module__.split(".")[0])
        v1 = getattr(getattr(package, "compat", None), "v1", package)
        graph_def = v1.graph_util.convert_variables_to_constants(sess, graph_def, [tensor_name(t).split(":")[0] for t in output_tensors])
    source = from_graph_def(graph_def)
    assert source is not None
    return source


def missing_source(what: str) -> Problem:
    """A kind of model that cannot be read yet."""
    notes = ("freeze it to a GraphDef and use from_frozen_graph",)
    return Problem("TN0012", f"not available in this release: {what}", (), notes)
