"""The teacher's board as HTML: the page, the part that is brought up to date, and the page that asks for its token."""

from datetime import datetime, timedelta
from html import escape

from kms_teach.classroom.overview import Board, Line, Task
from kms_teach.drawing.lettering import clean

RECENT = timedelta(minutes=5)
HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
    '<link rel="stylesheet" href="/_board/board.css"></head><body><div class="page">'
)
FOOT = "</div></body></html>"
MARK = '<svg aria-hidden="true" viewBox="-10 -10 20 20">{}</svg> '
TICK = MARK.format(
    '<circle r="9" fill="var(--done-mark)"/>'
    '<path d="M-4.2.4L-1.2 3.6L4.4-3.4" fill="none" stroke="#FFFFFF" stroke-width="2.4" stroke-linecap="round"/>'
)
AT_IT = MARK.format('<circle r="7.5" fill="none" stroke="var(--line)" stroke-width="2" stroke-dasharray="3 3"/>')
COLUMNS = ("learner", "tasks and checks", "last call", "calls", "refused")
NUMBERS = ("calls", "refused")


def sign_in(objection: str = "") -> str:
    """The page that asks for the token."""
    words = f'<p role="alert" class="refused">{_words(objection)}</p>' if objection else ""
    return (
        f"{HEAD.format(title='The class: sign in')}<main class='card sign-in'><h1>The class</h1>"
        "<p class='second'>The board is for the teacher. Its token stands where the server was started.</p>"
        f"{words}<form method='post' action='/_board'><label for='token'>Token</label>"
        "<input id='token' name='token' type='password' autocomplete='off' required autofocus>"
        f"<div><button>Show the board</button></div></form></main>{FOOT}"
    )


def page(board: Board) -> str:
    """The whole page."""
    return (
        f"{HEAD.format(title='The class')}<header><p>kms_teach: the class</p>"
        "<form method='post' action='/_board/out'><button type='button' id='pause' hidden>Pause</button>"
        "<button>Sign out</button></form></header><p id='said' role='status' class='second'></p>"
        f"<main id='board' class='card'>{now(board)}</main>"
        "<noscript><p class='second'>Without JavaScript the board is as it was when you opened it: load it again.</p>"
        f"</noscript><script src='/_board/board.js'></script>{FOOT}"
    )


def now(board: Board) -> str:
    """What is brought up to date."""
    rows = "".join(_row(line, board.now) for line in board.lines)
    heads = "".join(f'<th scope="col" role="columnheader"{_kind(name)}>{name}</th>' for name in COLUMNS)
    return (
        f"<h1>{_title(board)}</h1><p class='second'>What this server saw, at {board.now:%H:%M} UTC. Tasks and labs "
        "that stay in a learner's notebook are not seen here.</p>"
        '<table role="table" class="who"><caption>Who is where</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{rows}</tbody></table>'
        f"{_errors(board)}"
    )


def _title(board: Board) -> str:
    present = sum(line.last is not None and board.now - line.last.at <= RECENT for line in board.lines)
    done = sum(line.is_done for line in board.lines)
    at_one = sum(bool(line.tasks) for line in board.lines)
    return (
        f"{present} of {len(board.lines)} called in the last five minutes; "
        f"{done} of {at_one} {'has' if done == 1 else 'have'} done what they are at"
    )


def _row(line: Line, at: datetime) -> str:
    kind = ' class="done"' if line.is_done else ""
    cells = (_tasks(line), _last(line, at), f"{line.calls:,}", f"{line.refused:,}")
    told = "".join(
        f'<td role="cell"{_kind(name)} data-label="{name}">{cell}</td>'
        for name, cell in zip(COLUMNS[1:], cells, strict=True)
    )
    who = f"{_words(line.name)}<span class='note'>account {line.account}</span>"
    return f'<tr role="row"{kind}><th scope="row" role="rowheader">{who}</th>{told}</tr>'


def _tasks(line: Line) -> str:
    """The chapter, and each task with whether its check passes."""
    before = f"{line.before} done in other chapters" if line.before else ""
    if not line.tasks:
        return f"none yet<span class='note'>{before}</span>" if before else "none yet"
    states = "".join(f"<span class='task'>{_state(task)}</span>" for task in line.tasks)
    where = "; ".join(filter(None, (_words(line.chapter), before)))
    return f"{states}<span class='note'>{where}</span>"


def _state(task: Task) -> str:
    name = f"<code>{_words(task.name)}</code>"
    if task.done_at:
        return f"{TICK}{name} <strong class='ok'>done {task.done_at:%H:%M}</strong>"
    return f"{AT_IT}{name} not yet"


def _last(line: Line, at: datetime) -> str:
    if line.last is None:
        return "none yet"
    said = "went well"
    if line.last.error:
        said = f"<span class='refused'>refused: <code>{_words(line.last.error)}</code></span>"
    return f"<code>{_words(line.last.operation)}</code>, {ago(at - line.last.at)}<span class='note'>{said}</span>"


def ago(passed: timedelta) -> str:
    """How long ago, in one unit."""
    seconds = max(int(passed.total_seconds()), 0)
    for unit, one in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= one:
            return f"{seconds // one} {unit}{'' if seconds // one == 1 else 's'} ago"
    return "just now" if seconds < 10 else f"{seconds // 10 * 10} seconds ago"


def _errors(board: Board) -> str:
    if not board.errors:
        return ""
    rows = "".join(
        f'<tr role="row"><th scope="row" role="rowheader"><code>{_words(each.code)}</code></th>'
        f'<td role="cell" class="number" data-label="times">{each.times:,}</td>'
        f'<td role="cell" class="number" data-label="learners">{each.learners}</td></tr>'
        for each in board.errors
    )
    return (
        '<table role="table" class="often"><caption>The commonest errors</caption>'
        '<thead role="rowgroup"><tr role="row">'
        '<th scope="col" role="columnheader">error</th><th scope="col" role="columnheader" class="number">times</th>'
        '<th scope="col" role="columnheader" class="number">learners</th></tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _kind(column: str) -> str:
    return ' class="number"' if column in NUMBERS else ""


def _words(text: str) -> str:
    return escape(clean(text))
