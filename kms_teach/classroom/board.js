// The board, brought up to date in its place: what has the focus stands outside of it and keeps it.
const EVERY = 5000; // ms
const board = document.getElementById("board");
const said = document.getElementById("said");
const pause = document.getElementById("pause");
let paused = false;

async function refresh() {
  if (paused || document.hidden || !getSelection().isCollapsed) return;
  try {
    const answer = await fetch("/_board/now", { cache: "no-store", credentials: "same-origin" });
    if (answer.status === 401) return location.reload();
    if (!answer.ok) throw new Error(answer.status);
    const text = await answer.text();
    if (board.innerHTML !== text) board.innerHTML = text;
    say("");
  } catch {
    say("The server does not answer. What stands here is from before.");
  }
}

function say(words) {
  if (said.textContent !== words) said.textContent = words;
}

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Go on" : "Pause";
  say(paused ? "Paused: the board stays as it is." : "");
  refresh();
});
setInterval(refresh, EVERY);
