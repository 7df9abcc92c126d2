"""Cut the power at every write: of what was answered, nothing may be missing afterwards.

    python tests/long/power_cut.py [CHANGES [SEED]]      needs Linux and strace; some minutes

A program makes changes in a store, under strace, which records what it writes, syncs, renames and answers. For every
prefix of that record the files are built as a disk might have them: what was synced is there; of what was written since,
nothing, all of it, or any of its sectors of 512 bytes, each by itself. kms_teach opens them and must find all that had
been answered. A new name is on the disk once its folder was synced; until then it may or may not be.
"""

import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from kms_teach import Simulator, StoreError

MEMORY = Path("/dev/shm")  # where the files are built: they are many
SECTOR = 512  # bytes that a disk writes whole or not at all
PROGRAM = """
import sys
from kms_teach import Simulator
sim = Simulator(sys.argv[1], start="2026-01-01T00:00:00Z")
kms, keys = sim.client("kms"), []
for number in range(int(sys.argv[2])):
    if number % 3 == 0 or not keys:
        keys.append(kms.create_key(Description=f"new {number}")["KeyMetadata"]["KeyId"])
        said = f"new {number}"
    else:
        said = f"described {number}" * (1 + number % 40)
        kms.update_key_description(KeyId=keys[-1], Description=said)
    if number % 25 == 24:
        sim.advance(days=400)
    print(f"ACK {keys[-1]} {said}", flush=True)
"""
CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)")


def recorded(folder, changes):
    """What the program did: (verb, file, …) for each write, sync, truncation and change of a name, and each answer."""
    log = folder.parent / "strace.log"
    calls = "openat,close,write,pwrite64,fsync,fdatasync,ftruncate,unlink,rename"
    command = ["strace", "-xx", "-s", "10000000", "-o", log, "-e", f"trace={calls}", sys.executable, "-c", PROGRAM, folder / "class.db", str(changes)]  # fmt: skip
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    files, acts = {}, []  # descriptor -> file and place
    for line in log.read_text().splitlines():
        found = CALL.match(line)
        if found and found[3] != "-1":
            verb, given, result = found.groups()
            change = _of_a_name if verb in ("openat", "unlink", "rename") else _of_a_file
            acts += change(folder, files, verb, given, int(result))
    return acts


def _of_a_name(folder, files, verb, given, result):
    paths = [Path(text.decode()) for text in texts(given)]
    inside = [path.name if path != folder else "." for path in paths if folder in (path, path.parent)]
    if verb == "openat":
        files[result] = [(inside or [None])[0], 0]
        return [("create", inside[0])] if inside and "O_CREAT" in given else []
    return [(verb, *inside)] if inside else []


def _of_a_file(folder, files, verb, given, result):
    descriptor = int(given.split(",")[0])
    if verb == "close":
        files.pop(descriptor, None)
    if verb == "write" and descriptor == 1:
        said = texts(given)[0].decode()
        return [("answer", *said.rstrip().split(" ", 2)[1:])] if said.startswith("ACK") else []
    file, place = files.get(descriptor) or (None, 0)
    if file is None:
        return []
    if verb in ("write", "pwrite64"):
        at = int(given.rpartition(",")[2]) if verb == "pwrite64" else place
        files[descriptor][1] = at + result
        return [("write", file, at, texts(given)[0])]
    return [("truncate", file, int(given.split(",")[1])) if verb == "ftruncate" else ("sync", file)]


def texts(given):
    """The strings among a call's arguments, which strace writes in hexadecimal."""
    return [bytes.fromhex(text.replace("\\x", "")) for text in re.findall(r'"((?:\\x..)*)"', given)]


class Disk:
    """Files as they are on the disk, and what was done since and may not be there yet."""

    def __init__(self):
        self.synced, self.since, self.names, self.renamed = {}, {}, {}, []

    def do(self, verb, file, *rest):
        match verb:
            case "create":
                if file not in self.names:
                    self.names[file] = object()
                    self.synced[self.names[file]], self.since[self.names[file]] = b"", []
                    self.renamed.append(dict(self.names))
            case "unlink" | "rename":
                moved = self.names.pop(file)
                if verb == "rename":
                    self.names[rest[0]] = moved
                self.renamed.append(dict(self.names))
            case "write" | "truncate":
                self.since[self.names[file]].append((verb, *rest))
            case "sync" if file == ".":
                self.renamed = [dict(self.names)]
            case "sync":
                content = self.names[file]
                self.synced[content] = applied(self.synced[content], self.since[content])
                self.since[content] = []

    def after(self, pick, how):
        """The files as they may be when the power is cut now: `how` much of what was not synced is there."""
        folders = self.renamed or [self.names]
        names = {"none": folders[0], "all": folders[-1], "torn": pick.choice(folders)}[how]
        keep = {"none": lambda _: [], "all": lambda acts: acts, "torn": lambda acts: torn(acts, pick)}[how]
        return {name: applied(self.synced[content], keep(self.since[content])) for name, content in names.items()}


def applied(content, acts):
    data = bytearray(content)
    for verb, *rest in acts:
        if verb == "truncate":
            del data[rest[0] :]
            data.extend(bytes(rest[0] - len(data)))
        else:
            at, written = rest
            data.extend(bytes(max(at - len(data), 0)))
            data[at : at + len(written)] = written
    return bytes(data)


def torn(acts, pick):
    """Any of the sectors, whatever their order was."""
    pieces = []
    for verb, *rest in acts:
        if verb == "truncate":
            pieces.append((verb, *rest))
            continue
        at, data = rest
        while data:
            size = SECTOR - at % SECTOR
            pieces.append(("write", at, data[:size]))
            at, data = at + size, data[size:]
    return [piece for piece in pieces if pick.random() < 0.5]


def missing(files, answered):
    """What had been answered and is not in the store; the words of the error when it does not open."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        for name, data in files.items():
            Path(folder, name).write_bytes(data)
        try:
            with Simulator(Path(folder, "class.db"), start="2026-01-01T00:00:00Z") as sim:
                kms = sim.client("kms")
                pages = kms.get_paginator("list_keys").paginate()
                there = {key["KeyId"] for page in pages for key in page["Keys"]}
                lost = [key for key in answered if key not in there]
                newest = list(answered)[-2:]
                return lost + [
                    (key, "is not described so")
                    for key in newest
                    if key in there and not described(kms, key, answered[key], last=key == newest[-1])
                ]
        except StoreError as error:
            return [str(error)] if answered else []


def described(kms, key, said, *, last):
    """The one that was being made when the power went may be there already, for the newest key alone."""
    now = kms.describe_key(KeyId=key)["KeyMetadata"]["Description"]
    return now == said or (last and int(re.search(r"\d+", now)[0]) == int(re.search(r"\d+", said)[0]) + 1)


def main(changes, seed):
    pick, begin, tried = random.Random(seed), time.perf_counter(), Counter()
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder, "store")
        inside.mkdir()
        acts = recorded(inside, changes)
    disk, answered = Disk(), {}
    for number, (verb, *rest) in enumerate(acts):
        if verb == "answer":
            answered[rest[0]] = rest[1]
        else:
            disk.do(verb, *rest)
        for how in ("none", "all", "torn"):
            lost = missing(disk.after(pick, how), answered)
            if lost:
                sys.exit(f"act {number} of {len(acts)} ({verb} {rest[0]}), {how} of what was not synced: {lost[:3]}, seed {seed}")  # fmt: skip
            tried[how] += 1
    counted = Counter(verb for verb, *_ in acts)
    took = time.perf_counter() - begin
    print(json.dumps({"changes": counted["answer"], "acts": len(acts), **counted}))
    print(f"{sum(tried.values()):,} power cuts {dict(tried)}, {took:.0f} s, seed {seed}: 0 acknowledged changes lost")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [200, 1][len(given) :]))
