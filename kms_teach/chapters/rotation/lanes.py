"""Where things stand in the timeline of a key: the scale of time, the lanes, and what lies on each."""

from datetime import timedelta

from msgspec import Struct

from kms_teach.chapters.rotation.facts import Backing, File, Timeline
from kms_teach.drawing import look
from kms_teach.drawing.timescale import Scale

ENDS = {look.WIDE: (258, 712, 606), look.LAB: (212, 520, 428)}  # where life begins, the scale ends, `reach` stands
SHEET = 13  # half the width of a ciphertext


def scale(facts: Timeline, canvas: int = look.WIDE) -> Scale:
    """From the key's creation to beyond now, where words need room, and to what is due next; `reach` fixes it."""
    left, right, last = ENDS[canvas]
    if facts.reach:
        most = (right - left) / (last - left)
        return Scale(facts.created, facts.created + most * (max(facts.reach, facts.now) - facts.created), left, right)
    lived = facts.now - facts.created
    end = facts.now + (max(lived / 3, timedelta(days=1)) if lived else timedelta(days=30))
    if due := facts.deletion or next(iter(facts.planned), None):
        end = max(end, facts.created + 1.06 * (due - facts.created))
    return Scale(facts.created, end, left, right)


class Lane(Struct, frozen=True):
    """One lane of the timeline: its middle, its materials, where they encrypt, its ciphertexts with their places."""

    y: float
    materials: tuple[Backing, ...]
    spans: tuple[tuple[float, float], ...]
    clusters: tuple[tuple[float, tuple[File, ...]], ...]

    @property
    def tone(self) -> look.Material:
        return look.material(self.materials[-1].number)

    @property
    def files(self) -> list[File]:
        return [file for _, files in self.clusters for file in files]


def lane(facts: Timeline, time: Scale, y: float, materials: tuple[Backing, ...]) -> Lane:
    """Lay materials, most often one, on a lane; ciphertexts too close to tell apart form one cluster."""
    spans = []
    for m in materials:
        if m.since is not None:
            end = facts.until_next(facts.established.index(m))
            spans.append((time.x(m.since), time.x(end)))
    numbers = {m.number for m in materials}
    files = sorted((f for f in facts.files if f.material in numbers), key=lambda f: (f.made, f.name))
    clusters: list[tuple[float, tuple[File, ...]]] = []
    for file in files:
        x = time.x(file.made)
        if clusters and x - clusters[-1][0] < 2 * SHEET + 4:
            clusters[-1] = (clusters[-1][0], (*clusters[-1][1], file))
        else:
            clusters.append((x, (file,)))
    return Lane(y, materials, tuple(spans), tuple(clusters))
