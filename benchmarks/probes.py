"""What is measured in a process of its own, with whichever checkout is on the path: `python benchmarks/probes.py again`.

Names are looked up late, by what defines them: between two checkouts modules move.
"""

import functools
import gc
import importlib
import importlib.util
import inspect
import os
import re
import statistics
import sys
import time
from pathlib import Path

START = "2026-01-01T00:00:00Z"


def module_of(name):
    """The dotted name of the module that defines a class or a function."""
    package = Path(importlib.util.find_spec("kms_teach").origin).parent
    for file in sorted(package.rglob("*.py"), key=lambda file: (file.stem != name, file)):  # one of that name first
        if re.search(rf"^(class|def) {name}\b", file.read_text(), re.MULTILINE):
            return ".".join(file.relative_to(package.parent).with_suffix("").parts)
    raise SystemExit(f"nothing in {package} defines {name}")


@functools.cache
def defined(name):
    return getattr(importlib.import_module(module_of(name)), name)


def cpu(act):
    """Milliseconds of this process's CPU."""
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1e3


def made():
    """A simulator with a client that has called."""
    sim = defined("Simulator")(start=START)
    kms = sim.client("kms")
    kms.list_keys()
    return sim, kms


def again():
    """Milliseconds of CPU for a simulator, its client and a call, when there was one before."""
    made()
    return statistics.median(cpu(made) for _ in range(15))


def alive():
    """Megabytes of 30 simulators, each with its client."""
    kept = [made()]
    gc.collect()
    before = memory()
    kept += [made() for _ in range(30)]
    return (memory() - before) / 1e6


def memory():
    """Resident memory of this process, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def slider():
    """Milliseconds of CPU for a step back on the rotation lab's slider, from its end, with automatic rotation on."""
    lab = defined("RotationLab")(defined("Simulator")(start=START))
    lab.automatic.value = True
    stops = [stop[1] if isinstance(stop, tuple) else stop for stop in lab.time.options]
    lab.time.value = stops[-1]
    taken = [cpu(lambda stop=stop: setattr(lab.time, "value", stop)) for stop in reversed(stops[-8:-1])]
    return statistics.median(taken)


def quiz():
    """Milliseconds of CPU for an answer in a quiz: the mean over the questions of one choice of the chapter on rotation."""
    return statistics.mean(cpu(asked.answer.click) for asked in chosen())


def chosen():
    """Quizzes whose first option is chosen."""
    quiz_of = defined("Quiz")
    if not (Path(importlib.util.find_spec("kms_teach").origin).parent / "teaching" / "exam.py").exists():
        for question in questions():
            asked = quiz_of(question)
            asked.choose.value = next(iter(question.options))
            yield asked
        return
    for family in importlib.import_module("kms_teach.teaching.exam").families():
        if family.chapter == "rotation" and family.format == "one":
            asked = quiz_of(family.id)
            asked.choose[0].value = asked.question.options[0]
            yield asked


def questions():
    """The questions that a run answers, in the module that asks about a rule of 60 days."""
    package = Path(importlib.util.find_spec("kms_teach").origin).parent
    (file,) = (f for f in package.rglob("*.py") if re.search(r"^SIXTY_DAYS\b", f.read_text(), re.MULTILINE))
    module = importlib.import_module(".".join(file.relative_to(package.parent).with_suffix("").parts))
    constants = [value for _, value in inspect.getmembers(module) if not inspect.isclass(value)]
    return [value for value in constants if hasattr(value, "options") and getattr(value, "run", None)]


def drawn():
    """A program that imports, makes a simulator, encrypts, and draws the call."""
    return f"""
from kms_teach import Simulator
from {module_of("opened")} import opened
sim = Simulator(start="{START}")
kms = sim.client("kms")
kms.encrypt(KeyId=kms.create_key()["KeyMetadata"]["KeyId"], Plaintext=b"x")
opened(sim.trail[-1])._repr_mimebundle_()
"""


if __name__ == "__main__":
    print(globals()[sys.argv[1]]())
