// Puts each panel in front of the static picture that is stored in its output, as long as its kernel runs.
//
// The output is HTML of the class `kms-place`, and says in a second class which widget belongs there. A page that knows
// this widget shows it and hides the HTML; a page that does not has what is stored.

const PLACE = "kms-place";
const OUTPUT = "jp-OutputArea-output"; // an output of JupyterLab; it stands in a `.jp-OutputArea-child`
const QUIET = 700; // ms without a change, until what is shown is worth being stored

const instances = (window.kmsTeachPlaces ??= new WeakMap()); // of a notebook's widgets: who puts them in their places

function initialize({ model, signal }) {
  const manager = model.widget_manager;
  instances.get(manager)?.abort(); // of a kernel that was restarted
  const end = new AbortController();
  instances.set(manager, end);
  const shown = new Map(); // an output of stored HTML: { id, leave } of the panel in front of it

  function look(root) {
    if (root.classList?.contains(PLACE)) enter(root);
    for (const place of root.getElementsByClassName?.(PLACE) ?? []) enter(place);
  }

  async function enter(place) {
    const id = [...place.classList].find((name) => name.startsWith(`${PLACE}-`))?.slice(PLACE.length + 1);
    const output = place.closest(".jp-OutputArea-child > *");
    if (!id || !output || shown.get(output)?.id === id || !manager.has_model(id)) return;
    shown.get(output)?.leave();
    const front = { id, left: false, undo: [() => shown.delete(output)] };
    front.leave = () => {
      front.left = true;
      for (const undo of front.undo.splice(0).reverse()) undo();
    };
    shown.set(output, front);
    output.style.visibility = "hidden"; // not gone before the panel is there: nothing jumps
    front.undo.push(() => { output.style.visibility = ""; });
    try {
      await stand(front, await manager.get_model(id), output);
    } catch (error) {
      console.error(error);
      front.leave();
    }
  }

  async function stand(front, panel, output) {
    const view = panel.comm_live && (await manager.create_view(panel));
    if (!view || front.left || !output.isConnected) {
      view?.remove();
      return front.leave();
    }
    const root = document.createElement("div");
    root.className = OUTPUT;
    root.dataset.mimeType = "application/vnd.jupyter.widget-view+json"; // as JupyterLab says of what it shows itself
    output.before(root);
    const widget = view.luminoWidget;
    widget.constructor.attach(widget, root);
    front.undo.push(() => {
      if (!root.isConnected) { // cleared, but Lumino lets go only of what is on the page
        root.hidden = true;
        document.body.append(root);
      }
      view.remove();
      root.remove();
    });
    output.style.display = "none";
    output.classList.remove(OUTPUT); // out of sight, and no output for whoever counts them
    front.undo.push(() => {
      output.style.display = "";
      output.classList.add(OUTPUT);
    });
    const leave = () => panel.comm_live || front.leave();
    panel.on("comm_live_update", leave);
    panel.once("destroy", front.leave);
    front.undo.push(() => {
      panel.off("comm_live_update", leave);
      panel.off("destroy", front.leave);
    });
    front.undo.push(whenQuiet(root, () => model.send({ changed: front.id })));
  }

  const watch = new MutationObserver((changes) => {
    if (manager.isDisposed) return end.abort(); // the notebook was closed
    for (const change of changes) for (const node of change.addedNodes) look(node);
    for (const [output, front] of shown) if (cleared(output)) front.leave();
  });
  watch.observe(document.body, { subtree: true, childList: true });
  AbortSignal.any([signal, end.signal]).addEventListener("abort", () => {
    watch.disconnect();
    for (const front of [...shown.values()]) front.leave();
  });
  look(document.body);
}

function cleared(output) {
  // A cell out of sight is taken off the page whole, and comes back; an output that is cleared leaves its cell.
  return !output.isConnected && !output.closest(".jp-Cell");
}

function whenQuiet(root, act) {
  let timer = 0;
  let arrived = false; // that it has come is no change, unless somebody has used it already
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (arrived) act();
      arrived = true;
    }, QUIET);
  };
  const used = () => {
    arrived = true;
    later();
  };
  const watch = new MutationObserver(later);
  watch.observe(root, { subtree: true, childList: true, characterData: true });
  for (const event of ["change", "click", "keydown"]) root.addEventListener(event, used);
  later();
  return () => {
    clearTimeout(timer);
    watch.disconnect();
  };
}

export default { initialize };
