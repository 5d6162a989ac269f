"""Names of tf.lite that come later."""
from ..errors import NotYet

LATER = {
    "Interpreter": "run the model with ai_edge_litert or tflite_runtime, or check its numbers with toucanet.evaluate()",
    "load_delegate": "delegates belong to the interpreter",
    "OpResolverType": "it belongs to the interpreter",
    "OpHint": "give the composed operators as a graph",
    "experimental": "",
    "convert_op_hints_to_stubs": "",
}


def refuse(module: str, name: str) -> None:
    """Module attribute access that failed."""
    if name in LATER:
        raise NotYet(f"{module}.{name} is not available in this release" + (f": {LATER[name]}" if LATER[name] else ""))
    raise AttributeError(f"module {module!r} has no attribute {name!r}")
