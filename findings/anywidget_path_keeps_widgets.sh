#!/usr/bin/env bash
# anywidget 0.11.0 (ipywidgets 8.1.9, Python 3.11): a widget whose `_esm` is a Path is never let go again.
#
# `_esm` may be JavaScript as text or the path of a file. With text, a closed widget is collected like any other. With a
# path, every instance stays alive after close(), del and gc.collect(), although hot reload is off (ANYWIDGET_HMR unset):
# the object that stands for the file connects each instance to its "changed" signal, and nothing disconnects it. A
# notebook whose cell makes such a widget grows by one widget, and all that it refers to, with each run of the cell.
#
# Seen (of 50 widgets made, closed and dropped, how many are alive):
#     text: 0
#     path: 50
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet anywidget==0.11.0 ipywidgets==8.1.9
env -u ANYWIDGET_HMR "$folder/venv/bin/python" - "$folder/widget.js" <<'PY'
import gc
import sys
import weakref
from pathlib import Path

import anywidget

file = Path(sys.argv[1])
file.write_text("export default { render() {} }")


def alive(source):
    class Widget(anywidget.AnyWidget):
        _esm = source

    made = []
    for _ in range(50):
        widget = Widget()
        made.append(weakref.ref(widget))
        widget.close()
        del widget
    gc.collect()
    return sum(reference() is not None for reference in made)


seen = {"text": alive(file.read_text()), "path": alive(file)}
for kind, count in seen.items():
    print(f"{kind}: {count}")
sys.exit(seen != {"text": 0, "path": 50})
PY
