// Runs a program of Python on Pyodide: node run.mjs PYODIDE ROOT PACKAGES MODULE ARGUMENT…
// PYODIDE: the folder of tests/site/pyodide.py. ROOT: this repository. PACKAGES: wheels unpacked. What MODULE.main gives is written.
import { pathToFileURL } from "node:url";
import * as engine from "./engine.mjs";

const [pyodide, root, packages, module, ...given] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: pyodide, stdout: (line) => console.error(line) });
await python.loadPackage(Object.keys(python.lockfile.packages), { messageCallback: () => {} });
for (const [place, folder] of [["/project", root], ["/packages", packages]]) {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, place);
}
const plain = (value) => Buffer.isBuffer(value) ? new Uint8Array(value) : value; // Pyodide reads no Buffer
python.registerJsModule("node_engine", Object.fromEntries(
  Object.entries(engine).map(([name, ask]) => [name, (...sent) => plain(ask(...sent))])));
python.globals.set("given", python.toPy([module, ...given]));
console.log(await python.runPythonAsync(`
import importlib, sys
sys.dont_write_bytecode = True
sys.path[:0] = ["/project", "/packages"]
importlib.import_module(given[0]).main(*given[1:])
`));
