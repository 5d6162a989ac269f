"""Names of tf.lite that come later."""
from ..errors import NotYet

LATER = {
    "load_delegate": "the kernels of this runtime are its own",
    "OpHint": "give the composed operators as a graph",
    "convert_op_hints_to_stubs": "",
}


def refuse(module: str, name: str) -> None:
    """Module attribute access that failed."""
    if name in LATER:
        raise NotYet(f"{module}.{name} is not available in this release" + (f": {LATER[name]}" if LATER[name] else ""))
    raise AttributeError(f"module {module!r} has no attribute {name!r}")
