"""This is the rule of the rooms: which part of the package may import which."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "kms_teach"

LAYERS = {
    "errors": 1, "clock": 1,
    "hsm": 2, "access": 2, "store": 2,
    "keys": 3, "trail": 3,
    "operations": 4,
    "service": 5, "events": 5, "wire": 5,
    "drawing": 1, "inspect": 4,
    "people": 6, "simulator": 6, "client_side": 5,
    "teaching": 7,
    "chapters": 8, "cli": 8,
}  # fmt: skip

# trail is of the same layer as keys and tells of them; wire receives the service, whose types it names.
BESIDE = {
    ("trail", "keys"),
    ("service", "events"),
    ("wire", "service"),
    ("client_side", "service"),
    ("simulator", "people"),
}
PICTURES_MAY = {"drawing", "inspect", "keys", "access", "trail", "hsm.blob"}
CRYPTOGRAPHY_MAY = {"hsm", "client_side"}  # client_side: the learner's own side, with data keys


def imports(package: Path = PACKAGE) -> dict[str, set[str]]:
    """Dotted module (below the package) -> what it imports: `kms_teach` modules without the prefix, others by top name."""
    found = {}
    for file in sorted(package.rglob("*.py")):
        name = ".".join(file.relative_to(package).with_suffix("").parts).removesuffix(".__init__")
        found[name] = set()
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                base = node.module
                inside = base.removeprefix("kms_teach").lstrip(".")
                for alias in node.names:
                    full = f"{inside}.{alias.name}".strip(".")
                    known = (package / full.replace(".", "/")).with_suffix(".py").exists() or (
                        package / full.replace(".", "/")
                    ).is_dir()
                    found[name].add(
                        f"@{full if known else inside}" if base.split(".")[0] == "kms_teach" else base.split(".")[0]
                    )
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    found[name].add(alias.name.split(".")[0])
    return {name: {i for i in inner if i != "@"} for name, inner in found.items()}


def room(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def broken(found: dict[str, set[str]]) -> list[str]:
    """Each rule that an import breaks, as a sentence."""
    sentences = []
    for module, inner in found.items():
        if module in ("", "__init__"):
            continue
        for name in inner:
            if name.startswith("@"):
                sentences += _inside(module, name[1:])
            elif name == "cryptography" and room(module) not in CRYPTOGRAPHY_MAY:
                sentences.append(f"{module} imports cryptography: key material is the HSM's business")
    return sentences + [f"import cycle: {' -> '.join(cycle)}" for cycle in cycles(found)]


def _inside(module: str, other: str) -> list[str]:
    here, there = room(module), room(other)
    if here == there:
        return []
    if here in {"drawing", "inspect"} and not any(other == m or other.startswith(f"{m}.") for m in PICTURES_MAY):
        return [f"{module} imports {other}: a picture knows data, not the service"]
    if (here, there) in BESIDE or LAYERS[there] < LAYERS[here]:
        return []
    return [
        f"{module} imports {other}: imports point down, from layer {LAYERS[here]} to a lower one than {LAYERS[there]}"
    ]


def cycles(found: dict[str, set[str]]) -> list[list[str]]:
    """Import cycles among modules; a package's __init__ stands for itself only."""
    graph = {
        m: [i[1:] for i in inner if i.startswith("@") and i[1:] in found and i[1:] != m] for m, inner in found.items()
    }
    done: set[str] = set()
    result: list[list[str]] = []

    def visit(module: str, path: list[str]) -> None:
        if module in path:
            result.append([*path[path.index(module) :], module])
            return
        if module in done:
            return
        for other in graph[module]:
            visit(other, [*path, module])
        done.add(module)

    for module in graph:
        visit(module, [])
    return result
