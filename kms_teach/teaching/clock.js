// A clock that a learner can look away from: the time left, counted in the browser; the kernel says where it stands.

const NEAR = 300; // s: the time left that is announced once

function words(seconds) {
  const whole = Math.abs(Math.round(seconds));
  const time = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  return seconds < 0 ? `${time} over time` : `${time} left`;
}

function render({ model, el }) {
  const clock = document.createElement("span");
  const said = document.createElement("span");
  clock.setAttribute("role", "timer");
  clock.setAttribute("aria-label", "Time");
  said.setAttribute("role", "status");
  said.className = "kms-said";
  el.classList.add("kms-clock");
  el.append(clock, said);
  let since = 0, before = Infinity;
  function show() {
    const left = model.get("left") - (performance.now() - since) / 1000;
    clock.textContent = model.get("running") ? words(left) : "";
    if (before > NEAR && left <= NEAR && left > 0) said.textContent = "Five minutes are left.";
    if (before > 0 && left <= 0) said.textContent = "The time is over. You may go on: what you answer counts.";
    before = left;
  }
  function set() {
    since = performance.now();
    before = model.get("left");
    said.textContent = "";
    show();
  }
  set();
  model.on("change:left", set);
  model.on("change:running", show);
  model.send({ look: true }); // a page that is opened later learns how much is left by then
  const timer = setInterval(show, 1000);
  return () => {
    clearInterval(timer);
    model.off("change:left", set);
    model.off("change:running", show);
  };
}

export default { render };
