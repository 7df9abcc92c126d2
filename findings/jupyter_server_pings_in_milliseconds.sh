#!/usr/bin/env bash
# jupyter_server 2.21.1 (jupyter_server_terminals 0.5.4, tornado 6.6.1, Python 3.11): the documented options
# ServerApp.websocket_ping_interval and websocket_ping_timeout, in seconds, do nothing for a terminal's websocket.
#
# jupyter_server's WebSocketMixin has properties `ping_interval` and `ping_timeout` of its own, in milliseconds and from
# other settings (ws_ping_interval). Tornado asks its handler for properties of these very names, in seconds. So Tornado
# plans a ping every 30,000 seconds, whatever the options say, and warns in the log of each terminal that is opened that
# the timeout of 90,000 is too long. The pings that a proxy in between lives on are those of the mixin's own timer.
#
# Seen, with both options set to 20:
#     what the options became in Tornado's settings: 20 20
#     what Tornado asks of the terminal's handler: 30000 90000
#     what is logged: The websocket_ping_timeout (90000) cannot be longer than the websocket_ping_interval (30000).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet jupyter_server==2.21.1 jupyter_server_terminals==0.5.4 tornado==6.6.1
export HOME="$folder" JUPYTER_CONFIG_DIR="$folder/config" JUPYTER_DATA_DIR="$folder/data" JUPYTER_RUNTIME_DIR="$folder/run"
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
import asyncio
import json
import logging
import socket
import sys

from jupyter_server.serverapp import ServerApp
from jupyter_server_terminals.handlers import TermSocket
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

TOKEN = {"Authorization": "token a-token"}
WARNING = "The websocket_ping_timeout (90000) cannot be longer than the websocket_ping_interval (30000)."
asked, logged = [], []


class Listens(logging.Handler):
    def emit(self, record):
        logged.extend(line for line in record.getMessage().splitlines() if "ping" in line)


opened = TermSocket.open


def open_(self, *arguments):
    asked.append((self.ping_interval, self.ping_timeout))
    return opened(self, *arguments)


async def look():
    address = f"127.0.0.1:{app.port}"
    made = await AsyncHTTPClient().fetch(f"http://{address}/api/terminals", method="POST", headers=TOKEN, body="")
    name = json.loads(made.body)["name"]
    terminal = await websocket_connect(HTTPRequest(f"ws://{address}/terminals/websocket/{name}", headers=TOKEN))
    await terminal.read_message()
    app.stop()


TermSocket.open = open_
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
app = ServerApp()
app.initialize(
    ["--no-browser", "--allow-root", "--IdentityProvider.token=a-token", f"--ServerApp.port={port}"]
    + ["--ServerApp.websocket_ping_interval=20", "--ServerApp.websocket_ping_timeout=20"]
)
app.log.addHandler(Listens())
app.io_loop.add_callback(look)
app.start()
settings = app.web_app.settings
set_ = (settings["websocket_ping_interval"], settings["websocket_ping_timeout"])
print("what the options became in Tornado's settings:", *set_)
print("what Tornado asks of the terminal's handler:", *asked[0])
print("what is logged:", logged[0])
sys.exit((set_, asked[0], logged[0]) != ((20, 20), (30000, 90000), WARNING))
PY
