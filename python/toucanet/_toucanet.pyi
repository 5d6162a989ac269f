from collections.abc import Sequence
from typing import Optional

version: str

def graph_nodes(graph_def: bytes) -> tuple[Optional[list[tuple[str, str, Optional[list[int]], str, list[str]]]], str]: ...
def rewrites() -> list[str]: ...
def convert_graph_def(
    graph_def: bytes,
    inputs: Sequence[tuple[str, Optional[Sequence[int]], Optional[str]]],
    outputs: Sequence[str],
    verify: bool = ...,
    verify_seconds: float = ...,
    keep_unverified: bool = ...,
    allow_custom_ops: bool = ...,
    keep_dropout: bool = ...,
    disabled: Sequence[str] = ...,
    dump_ir_dir: str = ...,
    dump_graphviz_dir: str = ...,
) -> tuple[Optional[bytes], str]: ...
def evaluate_tflite(
    model: bytes, arrays: Sequence[tuple[str, str, Sequence[int], bytes]]
) -> tuple[Optional[list[tuple[str, str, list[int], bytes]]], str]: ...
