#!/usr/bin/env bash
# pyodide-kernel 0.8.6 (inside jupyterlite-pyodide-kernel 0.8.6): asking whether `fcntl` is there raises ValueError.
#
# The kernel that JupyterLite runs begins by putting empty modules into sys.modules in the place of some that a browser
# lacks, fcntl among them. They are made by types.ModuleType, so their __spec__ is None; importlib.util.find_spec of a
# module that is imported already and has no spec gives neither a spec nor None, but raises. A library that asks politely
# before it imports (the usual way to be portable) therefore fails there, where in plain Pyodide it is told None; and one
# that does `import fcntl` finds a module without flock. The kernel's own code is run here as it is, on CPython.
#
# Seen:
#     before: ModuleSpec
#     after: ValueError: fcntl.__spec__ is None
#     flock: False
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --no-deps jupyterlite-pyodide-kernel==0.8.6
wheel=$(find "$folder/venv" -name 'pyodide_kernel-0.8.6-*.whl')
python3 -m zipfile -e "$wheel" "$folder/kernel"
seen=$("$folder/venv/bin/python" - "$folder/kernel/pyodide_kernel/mocks.py" <<'PY'
import importlib.util
import runpy
import sys

print("before:", type(importlib.util.find_spec("fcntl")).__name__)
sys.modules.pop("fcntl", None)
runpy.run_path(sys.argv[1])["apply_mocks"]()
try:
    print("after:", importlib.util.find_spec("fcntl"))
except ValueError as error:
    print(f"after: ValueError: {error}")
print("flock:", hasattr(sys.modules["fcntl"], "flock"))
PY
)
echo "$seen"
[ "$seen" = "$(printf 'before: ModuleSpec\nafter: ValueError: fcntl.__spec__ is None\nflock: False')" ]
