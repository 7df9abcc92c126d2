"""Thirty learners on one machine: the memory of their kernels, the time until all can begin, and what a control takes.

python benchmarks/kernels.py [LEARNERS [NOTEBOOK …]]      30, and the chapters in their order, again and again

Each kernel runs a whole chapter, all at once, as a class does that was told to. Then each learner presses a control of a
lab every five seconds: timed in the kernel, from message to end of callback, and over the kernel's channels, from the
message that a browser would send to the word that the kernel is idle again. Memory is Linux's: USS is what a process has
for itself, PSS adds its share of what it has in common with others.
"""

import asyncio
import contextlib
import itertools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import psutil
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from kms_teach.course import environment

ROOT = Path(__file__).resolve().parents[1]
EVERY = 5  # seconds from one press of a learner to their next
PRESSES = 24
AHEAD = """
import time as _time, ipywidgets as _widgets
_taken, _answer = [], _widgets.Widget._handle_msg
def _timed(self, message):
    start = _time.perf_counter()
    try:
        return _answer(self, message)
    finally:
        _taken.append(_time.perf_counter() - start)
_widgets.Widget._handle_msg = _timed
"""
CONTROLS = """
import gc as _gc, json as _json
from kms_teach.teaching import Lab as _Lab
_told = []
for _lab in (each for each in _gc.get_objects() if isinstance(each, _Lab)):
    for _one in _lab.controls:
        if hasattr(_one, "_options_labels") and hasattr(_one, "index") and len(_one.options) > 1:
            _told.append((_one.model_id, "index", list(range(len(_one.options)))))
        elif hasattr(_one, "step") and hasattr(_one, "min"):
            _told.append((_one.model_id, "value", [_one.min, _one.max]))
        elif isinstance(_one.value if hasattr(_one, "value") else None, bool):
            _told.append((_one.model_id, "value", [True, False]))
print(_json.dumps(_told))
"""


@dataclass
class Learner:
    """A kernel, and how long its learner waited for each press, in seconds."""

    chapter: Path
    kernel: AsyncKernelManager
    client: AsyncKernelClient
    waited: list[float] = field(default_factory=list)

    @property
    def process(self) -> psutil.Process:
        return psutil.Process(self.kernel.provisioner.pid)

    async def run(self, code: str) -> str:
        """Run a cell; what it prints."""
        asked = self.client.execute(code, allow_stdin=False)
        return await self._until_idle(asked)

    async def press(self, model: str, trait: str, value: Any) -> None:
        """Set a control, as a browser does."""
        content = {"comm_id": model, "data": {"method": "update", "state": {trait: value}, "buffer_paths": []}}
        message, start = self.client.session.msg("comm_msg", content), time.perf_counter()
        self.client.shell_channel.send(message)
        await self._until_idle(message["header"]["msg_id"])
        self.waited.append(time.perf_counter() - start)

    async def _until_idle(self, asked: str) -> str:
        printed = ""
        while True:
            told = await self.client.get_iopub_msg(timeout=600)
            if told["parent_header"].get("msg_id") != asked:
                continue
            if told["msg_type"] == "stream" and told["content"]["name"] == "stdout":
                printed += told["content"]["text"]
            if told["msg_type"] == "status" and told["content"]["execution_state"] == "idle":
                return printed


async def begin(chapter: Path, folder: str) -> Learner:
    """A kernel that answers, as the course starts it."""
    kernel = AsyncKernelManager(kernel_name="python3")
    await kernel.start_kernel(cwd=folder, env=environment(""), extra_arguments=["--ext=kms_teach.kernel"])
    client = kernel.client()
    client.start_channels()
    await client.wait_for_ready(timeout=600)
    return Learner(chapter, kernel, client)


async def go_through(learner: Learner) -> None:
    """Run the whole chapter."""
    for cell in nbformat.read(learner.chapter, as_version=4).cells:
        if cell.cell_type == "code":
            await learner.run(cell.source)


async def play(learner: Learner, controls: list[list[Any]], pick: random.Random) -> None:
    """Press controls, at moments of the learner's own, each time to another value."""
    values = {model: itertools.cycle(each) for model, _, each in controls}
    await asyncio.sleep(pick.uniform(0, EVERY))
    for _ in range(PRESSES):
        model, trait, _ = pick.choice(controls)
        next_press = time.perf_counter() + EVERY
        await learner.press(model, trait, next(values[model]))
        await asyncio.sleep(max(0, next_press - time.perf_counter()))


def servers(count: int, folder: str) -> list[float]:
    """MB of its own of JupyterLab's server for one learner, with a page asked for and a kernel begun."""
    started, sizes = [], []
    try:
        for _ in range(count):
            with socket.create_server(("127.0.0.1", 0)) as probe:
                port = probe.getsockname()[1]
            words = [
                sys.executable,
                "-m",
                "jupyterlab",
                "--no-browser",
                "--allow-root",
                f"--port={port}",
                "--log-level=ERROR",
            ]
            server = subprocess.Popen([*words, f"--ServerApp.root_dir={folder}"], env=environment("lab"))
            started.append(psutil.Process(server.pid))
            ask(port, "api/status", patience=60)
            ask(port, "lab")
            ask(port, "api/kernels", b"{}")
            sizes.append(started[-1].memory_full_info().uss / 2**20)
    finally:
        for server in started:
            for process in [*server.children(recursive=True), server]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
    return sizes


def ask(port: int, path: str, body: bytes | None = None, patience: float = 0) -> None:
    """One call to a server, again and again while it does not answer yet."""
    headers, end = {"Authorization": "token lab"}, time.monotonic() + patience
    while True:
        try:
            urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/{path}", body, headers)).read()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def used(learners: list[Learner]) -> float:
    """Seconds of CPU of all kernels so far."""
    return sum(sum(learner.process.cpu_times()[:2]) for learner in learners)


def quantiles(taken: list[float]) -> str:
    """Median and p95."""
    return f"{statistics.median(taken) * 1e3:,.0f} ms / {statistics.quantiles(taken, n=20)[18] * 1e3:,.0f} ms"


async def main(count: int, chapters: list[Path]) -> None:
    print(f"load before: {os.getloadavg()[0]:.1f}", flush=True)
    learners: list[Learner] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KMS_TEACH_PROGRESS"] = folder
        try:
            start = time.perf_counter()
            each = itertools.islice(itertools.cycle(chapters), count)
            learners += await asyncio.gather(*(begin(chapter, folder) for chapter in each))
            row(f"until {count} kernels answer, started at once", f"{time.perf_counter() - start:.0f} s")
            row("CPU for one of them", f"{used(learners) / count:.1f} s")
            await asyncio.gather(*(learner.run(AHEAD) for learner in learners))
            start, before = time.perf_counter(), used(learners)
            await asyncio.gather(*map(go_through, learners))
            row("until all have run their chapters, begun at once", f"{time.perf_counter() - start:.0f} s")
            row("CPU for one of them", f"{(used(learners) - before) / count:.1f} s")
            memory = [learner.process.memory_full_info() for learner in learners]
            uss, pss = ([getattr(each, kind) / 2**20 for each in memory] for kind in ("uss", "pss"))
            row(
                "memory of a kernel of its own (USS), median / most",
                f"{statistics.median(uss):.0f} MB / {max(uss):.0f} MB",
            )
            row(f"memory of all {count} (PSS)", f"{sum(pss) / 1024:.2f} GB")
            found = [json.loads(await learner.run(CONTROLS)) for learner in learners]
            before = used(learners)
            turns = (play(*pair, random.Random(n)) for n, pair in enumerate(zip(learners, found, strict=True)))
            await asyncio.gather(*turns)
            cpu = (used(learners) - before) / (count * PRESSES)
            inside = [taken for learner in learners for taken in json.loads(await learner.run("print(_taken)"))]
            row(f"a control, in the kernel, while {count} press every {EVERY} s, median / p95", quantiles(inside))
            waited = [taken for learner in learners for taken in learner.waited]
            row("the same over the kernel's channels", quantiles(waited))
            row("CPU for a press, redrawn picture included", f"{cpu * 1e3:.0f} ms")
            after = [learner.process.memory_full_info().uss / 2**20 for learner in learners]
            row(
                "memory of a kernel after that (USS), median / most",
                f"{statistics.median(after):.0f} MB / {max(after):.0f} MB",
            )
        finally:
            for learner in learners:
                learner.client.stop_channels()
                with contextlib.suppress(Exception):
                    await learner.kernel.shutdown_kernel(now=True)
    with tempfile.TemporaryDirectory() as folder:
        sizes = servers(3, folder)
    row("memory of JupyterLab's server for one learner (USS), median of 3", f"{statistics.median(sizes):.0f} MB")
    print(f"load after: {os.getloadavg()[0]:.1f}", flush=True)


def row(what: str, figure: str) -> None:
    print(f"| {what} | {figure} |", flush=True)


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    named = [Path(name) for name in sys.argv[2:]] or sorted((ROOT / "notebooks").glob("[01][0-9]_*.ipynb"))
    asyncio.run(main(number, named))
