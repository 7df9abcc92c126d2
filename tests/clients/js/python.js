// Runs ../python/talk.py on the Python inside of Pyodide, which is newer than the tests': node python.js ADDRESS PACKAGES
import { loadPyodide } from "pyodide";

const [address, packages] = process.argv.slice(2);
const python = await loadPyodide();
for (const [place, root] of [["/packages", packages], ["/talk", "../python"]]) {
  python.FS.mkdir(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, place);
}
python.globals.set("address", address);
console.log(await python.runPythonAsync(`
import sys, types
sys.path[:0] = ["/packages", "/talk"]
sys.modules["yarl"] = types.SimpleNamespace(URL=None)  # of aiohttp's transport, which is imported and not used
import talk
await talk.main(address)
`));
