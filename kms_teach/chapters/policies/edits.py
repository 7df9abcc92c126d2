"""Edits of the small account's policies: a text is put or told why not, and a state is brought back."""

from botocore.exceptions import ClientError
from msgspec import Struct

from kms_teach.access.statement import Kind
from kms_teach.chapters.policies.world import World
from kms_teach.errors import KmsError

KEY_POLICY = "the key policy"  # a place for a text; the others are named by whose IAM policy it is
ABOUT_THE_TEXT = ("MalformedPolicyDocumentException", "InvalidArnException")
EMPTY = "A key always has a policy: write one, or choose an example under “Start from”."


class State(Struct, frozen=True):
    """All that an edit may change."""

    key_policy: str
    iam: tuple[tuple[str, str], ...]
    grants: tuple[str, ...]

    @classmethod
    def of(cls, world: World) -> "State":
        return cls(world.key_policy, tuple(world.iam.items()), tuple(world.grants))


class Refused(Struct, frozen=True):
    """A text that was not put, and what was said about it; it stays in its field, to be corrected."""

    text: str
    said: str
    word: str = ""


def held(world: World, place: str) -> str:
    """The text that holds at a place; nobody's is "" (the root user has none)."""
    return world.key_policy if place == KEY_POLICY else world.iam.get(place, "")


def put(world: World, place: str, text: str, *, bypass: bool) -> Refused | None:
    """Put a text; a mistake is told with its line, and the old policy stays."""
    kind: Kind = "key policy" if place == KEY_POLICY else "IAM policy"
    if place == KEY_POLICY and not text.strip():
        return Refused(text, EMPTY)
    try:
        if place == KEY_POLICY:
            world.put(text, bypass=bypass)
        else:
            world.give(place, text)
    except ClientError as error:
        refusal = error.response["Error"]
        return _told(world, kind, refusal["Code"], refusal.get("Message", ""), text)
    except KmsError as error:
        return _told(world, kind, error.code, str(error), text)
    return None


def restore(world: World, old: State) -> None:
    """Put everything as it was. Raises what AWS answers."""
    if world.key_policy != old.key_policy:
        world.put(old.key_policy, bypass=True)
    for name, policy in old.iam:
        if world.iam[name] != policy:
            world.give(name, policy)
    for grant_id in set(world.grants) - set(old.grants):
        world.revoke(grant_id)


def _told(world: World, kind: Kind, code: str, message: str, text: str) -> Refused:
    is_text = code in ABOUT_THE_TEXT
    line = world.fault(text, kind) if is_text else None
    where = f"{kind}, line {line}" if line else kind
    stop = "" if message.endswith(".") else "."
    do = "correct the text" if is_text else "start from another example"
    return Refused(text, f"`{code}` ({where}): {message}{stop} The old policy still holds; {do}.", "Refused")
