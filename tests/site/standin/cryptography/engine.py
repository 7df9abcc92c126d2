"""Who computes: Node, by the functions of tests/site/engine.mjs, or Python."""

from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm

try:
    import node_engine
    from pyodide.ffi import JsException, to_js
except ImportError:  # in a browser, or on CPython
    node_engine = None
    JsException = ()


def here() -> bool:
    """Whether Node computes."""
    return node_engine is not None


def ask(name: str, *given: Any) -> Any:
    """What a function of Node's gives; ValueError where Node refuses, UnsupportedAlgorithm where there is no Node."""
    if node_engine is None:
        raise UnsupportedAlgorithm(f"this stand-in does {name} in Node alone")
    sent = [to_js(bytes(value)) if isinstance(value, bytes | bytearray | memoryview) else value for value in given]
    try:
        answer = getattr(node_engine, name)(*sent)
    except JsException as error:
        raise ValueError(str(error)) from error
    return answer.to_bytes() if hasattr(answer, "to_bytes") and not isinstance(answer, int) else answer
