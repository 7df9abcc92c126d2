// What ipywidgets leaves out, for every `.kms-teach` on the page: names for slider handles and groups, the pressed
// state of toggle buttons, a status line that is announced, and keys that JupyterLab would take for its own commands; the
// focus stays in a panel whose control is gone.
// And what a picture or a hint needs: a place in a picture that is pressed, code that is put into the learner's cell.

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable], [role=slider]";

function set(element, attribute, value) {
  // Only a difference is written: an unconditional write would wake the observer for ever.
  if (element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
}

function fix() {
  for (const [el, book] of window.kmsTeach?.books ?? []) link(el, book);
  for (const root of document.querySelectorAll(".kms-teach")) {
    for (const e of root.querySelectorAll(FOCUSABLE)) set(e, "data-lm-suppress-shortcuts", "true");
    for (const slider of root.querySelectorAll(".widget-slider")) {
      const name = slider.querySelector(".widget-label")?.textContent ?? "";
      const readout = slider.querySelector(".widget-readout");
      const handles = slider.querySelectorAll("[role=slider]");
      handles.forEach((handle, at) => set(handle, "aria-label", name + (at ? ", upper end" : "")));
      if (readout && handles.length === 1) set(handles[0], "aria-valuetext", readout.textContent);
      // The words of a stop cannot be typed: ipywidgets lets them be written over, and never reads what is written.
      if (readout && slider.matches(".kms-stops")) set(readout, "contenteditable", "false");
      if (readout?.isContentEditable) {
        set(readout, "role", "textbox");
        set(readout, "aria-label", `${name}, typed`);
      }
    }
    for (const group of root.querySelectorAll(".widget-toggle-buttons, .widget-radio")) {
      set(group, "role", group.matches(".widget-radio") ? "radiogroup" : "group");
      set(group, "aria-label", group.querySelector(".widget-label")?.textContent ?? "");
      for (const button of group.querySelectorAll("button")) {
        set(button, "aria-pressed", String(button.classList.contains("mod-active")));
      }
      // Without a name all radio buttons of the page are one group, and an arrow walks on into the next question.
      group.dataset.radios ??= `kms-${Math.random().toString(36).slice(2)}`;
      for (const radio of group.querySelectorAll("input[type=radio]")) set(radio, "name", group.dataset.radios);
    }
    if (root.dataset.unfolded === "true") { // a redrawn picture brings a new, folded table
      for (const table of root.querySelectorAll("details")) set(table, "open", "");
    }
    for (const box of root.querySelectorAll(".kms-lab .kms-status > .widget-html-content, .kms-scroll > .widget-html-content")) {
      if (box.scrollHeight > box.clientHeight + 1) set(box, "tabindex", "0"); // what scrolls is reached by keyboard
      else box.removeAttribute("tabindex");
    }
    for (const line of root.querySelectorAll(".kms-spoken .widget-html-content")) {
      set(line, "role", "status");
      set(line, "aria-live", "polite");
    }
  }
}

// A link to another notebook opens it beside this one, at its section, as links in a cell's own words do in JupyterLab.
function link(el, book) {
  for (const a of el.closest(".kms-teach")?.querySelectorAll('a[href*=".ipynb"]') ?? []) {
    const [path, id] = a.getAttribute("href").split("#");
    const to = { path: book.replace(/[^/]*$/, "") + decodeURIComponent(path), id: id ? `#${decodeURIComponent(id)}` : "" };
    set(a, "data-commandlinker-command", "rendermime:handle-local-link");
    set(a, "data-commandlinker-args", JSON.stringify(to));
  }
}

// JupyterLab goes to a section only in a notebook that is open already; in one that it opens, this waits for the heading.
function follow(event) {
  const args = event.target.closest?.(".kms-teach a[data-commandlinker-args]")?.dataset.commandlinkerArgs;
  const id = args ? JSON.parse(args).id.slice(1) : "";
  if (!id) return;
  const heading = `.jp-NotebookPanel:not(.lm-mod-hidden) [data-jupyter-id="${CSS.escape(id)}"]`;
  let tries = 50;
  const timer = setInterval(() => {
    const there = document.querySelector(heading);
    there?.scrollIntoView();
    if (there || --tries === 0) clearInterval(timer);
  }, 100);
}

// A control that has done its work may go, and would take the focus along: the first that is left in its panel gets it.
const hidden = (element) => !element.isConnected || element.offsetParent === null;
let held = null; // the control of a panel that had the focus last, and the panel

function hold({ target }) {
  const root = target.closest?.(".kms-teach");
  held = root && target.closest(".kms-controls") ? { control: target, root } : null;
}

function keep() {
  if (!held || !hidden(held.control) || ![held.control, document.body].includes(document.activeElement)) return;
  const left = [...held.root.querySelectorAll(".kms-controls :is(button, input, select, textarea)")];
  left.find((control) => !hidden(control) && !control.disabled)?.focus({ preventScroll: true });
}

function watch() {
  let asked = 0;
  const later = () => { asked ||= requestAnimationFrame(() => { asked = 0; fix(); keep(); }); };
  const observer = new MutationObserver(later);
  const what = { subtree: true, childList: true, characterData: true, attributes: true };
  observer.observe(document.body, { ...what, attributeFilter: ["class", "aria-valuetext"] });
  const unfolded = ({ target }) => {
    const root = target.closest?.(".kms-teach");
    if (root && target.matches("details")) root.dataset.unfolded = String(target.open);
  };
  document.addEventListener("toggle", unfolded, true);
  document.addEventListener("click", follow);
  document.addEventListener("focusin", hold);
  fix();
  return () => {
    observer.disconnect();
    cancelAnimationFrame(asked);
    document.removeEventListener("toggle", unfolded, true);
    document.removeEventListener("click", follow);
    document.removeEventListener("focusin", hold);
  };
}

// A place in a lab's picture does what a control does: a step is clicked, a bar's end is dragged. The control takes the
// focus, so that the arrow keys go on from there; the picture may be drawn anew under the pointer meanwhile.
function pointing(model, el) {
  let dragged = null, count = 0, last = "";
  const root = () => el.closest(".kms-teach");
  const send = (name, value) => {
    if (last === `${name}${value}` && dragged) return;
    last = `${name}${value}`;
    model.set("pointed", [name, value, ++count]);
    model.save_changes();
  };
  const focus = (name) => {
    for (const label of root().querySelectorAll(".widget-label")) {
      if (label.textContent === name) label.parentElement.querySelector("[role=slider]")?.focus({ preventScroll: true });
    }
  };
  const move = (event) => {
    const places = dragged ? [...root().querySelectorAll("[data-points][data-from]")] : [];
    const place = places.find((e) => e.dataset.points === dragged && e.checkVisibility());
    if (!place) return;
    const { left, width } = place.getBoundingClientRect(), from = Number(place.dataset.from), to = Number(place.dataset.to);
    const share = Math.min(Math.max((event.clientX - left) / width, 0), 1);
    send(dragged, Math.floor(from + share * (to - from)));
  };
  const down = (event) => {
    const place = event.target.closest?.("[data-points]");
    if (!place || !root()?.contains(place)) return;
    event.preventDefault();
    if (place.dataset.value) send(place.dataset.points, Number(place.dataset.value));
    else { dragged = place.dataset.points; last = ""; move(event); }
    requestAnimationFrame(() => focus(place.dataset.points));
  };
  const up = () => { dragged = null; };
  const heard = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: up };
  for (const [name, listener] of Object.entries(heard)) document.addEventListener(name, listener);
  return () => { for (const [name, listener] of Object.entries(heard)) document.removeEventListener(name, listener); };
}

// Puts code into the next code cell below a panel, at its end, and leaves the cursor there. What is pasted goes the way
// of everything that a person pastes: through the editor, into the notebook that is stored.
function put(code, panel) {
  let cell = panel?.closest(".jp-Cell")?.nextElementSibling;
  while (cell && !cell.matches(".jp-CodeCell")) cell = cell.nextElementSibling;
  const editor = cell?.querySelector(".cm-content[contenteditable=true]");
  if (!editor) return false;
  editor.focus();
  const selection = getSelection();
  selection.selectAllChildren(editor);
  selection.collapseToEnd();
  const data = new DataTransfer();
  data.setData("text/plain", (editor.querySelector(".cm-line")?.textContent.trim() ? "\n" : "") + code);
  editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  return editor.textContent.includes(code.trim().split("\n")[0]);
}

function writing(model, el) {
  const done = (window.kmsTeachPut ??= new Set()); // a panel may be on the page twice, and is to write once
  const write = () => {
    const [code, mark] = model.get("writing");
    if (done.has(mark)) return;
    done.add(mark);
    model.set("written", [put(code, el.closest(".kms-teach")), mark]);
    model.save_changes();
  };
  model.on("change:writing", write);
  return () => model.off("change:writing", write);
}

function render({ model, el }) {
  el.style.display = "none";
  const stops = [pointing(model, el), writing(model, el)];
  const shared = (window.kmsTeach ??= { views: 0, stop: null, books: new Map() }); // one observer, however many labs there are
  const book = model.widget_manager?.context?.path; // of JupyterLab; elsewhere a link is a link
  if (book) shared.books.set(el, book);
  if (shared.views++ === 0) shared.stop = watch();
  return () => {
    for (const stop of stops) stop();
    shared.books.delete(el);
    if (--shared.views === 0) shared.stop();
  };
}

export default { render };
