"""Two Regions in words: the message, and a sentence for each key and each try."""

from kms_teach.chapters.aliases.facts import KeyFacts, RegionMap, Tried, listed
from kms_teach.inspect.opened_facts import RANDOM

NEVER = "Never crosses: alias, policy, grant, tag, state; plaintext key material; a single-Region key."
STATES = {"PendingDeletion": "pending deletion", "PendingReplicaDeletion": "pending replica deletion"}


def message(facts: RegionMap) -> tuple[str, Tried | None]:
    """The message, the first of these that is so, and the refusal whose words belong to it."""
    files = [each for each in facts.tries if not each.alias]
    closed = next((each for each in files if each.code), None)
    if facts.pair:
        replica, primary = sorted(facts.pair, key=lambda key: key.role == "primary")
        own = [each for each in files if each.letter == primary.letter]
        refused = next((each for each in own if each.code), None)
        nameless = next((each for each in facts.tries if each.alias and each.code), None)
        if own and not refused and primary.state != "Enabled":
            return f"The primary is {state(primary)}, and its replica opens the file", closed
        if own and not refused and primary.region == facts.regions[1]:
            return f"{primary.region} has the primary now, and the old file opens as before", closed
        here = next((key for key in facts.pair if refused and key.region == refused.region), primary)
        if refused and here.state != "Enabled":
            return f"The {here.role} in {here.region} is {state(here)}, and opens nothing", refused
        if nameless:
            return f"The replica is in {replica.region}, and its alias is not", nameless
        if own and closed:
            return "Only a multi-Region key opens its data in both Regions", closed
    if files and all(each.code for each in files):
        return f"Nothing made in {files[0].made} opens in {files[0].region}", closed
    return "Each Region has its own keys, and its own names", closed


def state(key: KeyFacts) -> str:
    return STATES.get(key.state, key.state)


def held(key: KeyFacts) -> str:
    return f"policy of {count(key.statements, 'statement')}, {count(key.grants, 'grant')}"


def count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def sentence(key: KeyFacts) -> str:
    names = f"named by {listed(key.named)}" if key.named else "without an alias"
    return f"Key {key.letter}, {key.role}, in {key.region}, {names}: {state(key)}, {held(key)}."


def told(tried: Tried) -> str:
    why = f", {tried.why}" if tried.why else ""
    said = f" AWS's words: {RANDOM.sub('…', tried.message)}." if tried.code else ""
    return f"{tried.name} of {tried.made}, in {tried.region}: {tried.outcome}{why}.{said}"
