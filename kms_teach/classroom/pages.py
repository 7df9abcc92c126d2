"""The pages of a class's server: the teacher's board behind its token, and the desk that notebooks ask.

The token is typed into a form and never stands in an address, which browsers keep and pass on. What the form gives for
it is a cookie that no script reads and no page of another site makes a browser send.
"""

import hmac
import secrets
from pathlib import Path
from urllib.parse import parse_qs

from msgspec import Struct

from kms_teach.classroom import board
from kms_teach.classroom.desk import Desk
from kms_teach.classroom.overview import Board, overview
from kms_teach.classroom.watch import Watch
from kms_teach.classroom.work import Desks
from kms_teach.teaching.class_account import PATH
from kms_teach.wire.exchange import Exchange, Reply

BOARD = "/_board"
COOKIE = "kms-teach-board"
HERE = Path(__file__).parent
FILES = {"board.css": "text/css; charset=utf-8", "board.js": "text/javascript; charset=utf-8"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "cache-control": "no-store", "content-security-policy": POLICY, "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff", "x-frame-options": "DENY",
}  # fmt: skip
NOT_THAT = "That is not the token. It stands where the server was started."
LONGEST = 1_000  # bytes of a form with a token
HTML = "text/html; charset=utf-8"


class Pages(Struct, frozen=True):
    """What a class's server has beside AWS's services. No bucket's name begins with an underscore."""

    desk: Desk
    watch: Watch
    work: Desks
    token: str
    session: str  # what the cookie holds

    def has(self, path: str) -> bool:
        bare = path.partition("?")[0]
        return bare == BOARD or bare.startswith((f"{BOARD}/", PATH))

    def answer(self, exchange: Exchange) -> Reply:
        path = exchange.path.partition("?")[0]
        if path.startswith(PATH):
            return self.desk.answer(exchange)
        if _is_of_another_page(exchange):
            return _page(403, "a page of another address may not ask for the board", "text/plain; charset=utf-8")
        name = path.removeprefix(f"{BOARD}/")
        match exchange.method, path:
            case "GET" | "HEAD", _ if name in FILES:
                return _page(200, (HERE / name).read_text(encoding="utf-8"), FILES[name])
            case "POST", "/_board":
                return self._let_in(exchange)
            case "POST", "/_board/out":
                return _moved(f"{COOKIE}=; Max-Age=0")
            case "GET" | "HEAD", "/_board" if not self._is_let_in(exchange):
                return _page(200, board.sign_in())
            case "GET" | "HEAD", "/_board/now" if not self._is_let_in(exchange):
                return _page(401, "")
            case "GET" | "HEAD", "/_board" | "/_board/now":
                return _page(200, (board.now if name == "now" else board.page)(self._board()))
        return _page(404, "there is no such page", "text/plain; charset=utf-8")

    def _board(self) -> Board:
        self.work.look()
        return overview(self.watch, self.work)

    def _let_in(self, exchange: Exchange) -> Reply:
        short = exchange.is_form and len(exchange.body) <= LONGEST
        form = parse_qs(exchange.body.decode("utf-8", "replace")) if short else {}
        given = "".join(form.get("token", [""])[0].split()).upper()
        if not _is(given, self.token):
            return _page(403, board.sign_in(NOT_THAT))
        return _moved(f"{COOKIE}={self.session}")

    def _is_let_in(self, exchange: Exchange) -> bool:
        cookies = (each.strip().partition("=") for each in exchange.headers.get("cookie", "").split(";"))
        return any(name == COOKIE and _is(value, self.session) for name, _, value in cookies)


def new_token() -> str:
    """Twenty letters and digits that are easily typed: 100 bits."""
    letters = [secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(20)]
    return "-".join("".join(letters[at : at + 5]) for at in range(0, 20, 5))


def _is(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _is_of_another_page(exchange: Exchange) -> bool:
    """Whether a page that is not the board's own asks: also of this machine, where others may have servers."""
    origin, host = exchange.headers.get("origin"), exchange.headers.get("host", "")
    return (origin is not None and origin.partition("://")[2].lower() != host.lower()) or (
        exchange.headers.get("sec-fetch-site") in ("cross-site", "same-site") and exchange.method == "POST"
    )


def _page(status: int, text: str, content_type: str = HTML) -> Reply:
    body = text.encode()
    return Reply(status, {**ALWAYS, "content-type": content_type, "content-length": str(len(body))}, body)


def _moved(cookie: str) -> Reply:
    """On to the board, with the cookie set."""
    cookie = f"{cookie}; Path={BOARD}; HttpOnly; SameSite=Strict"
    told = {"location": BOARD, "set-cookie": cookie, "content-length": "0"}
    return Reply(303, {**ALWAYS, **told}, b"")
