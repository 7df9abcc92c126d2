"""The lab of who may do what: put a key policy, and see for everybody what it opens and what it closes."""

from kms_teach.access.actions import ACTIONS
from kms_teach.access.matrix import Matrix
from kms_teach.access.principals import account_arn
from kms_teach.chapters.policies.who_may import who_may
from kms_teach.chapters.policies.world import EVERYTHING, EXAMPLES, THE_ACCOUNT, USE, World, arn, policy, statement
from kms_teach.drawing.look import LAB
from kms_teach.simulator import COMMON
from kms_teach.teaching.controls import choice
from kms_teach.teaching.lab import Lab

MANAGE = ["kms:Describe*", "kms:Put*", "kms:Get*", "kms:Enable*", "kms:Disable*", "kms:ScheduleKeyDeletion"]
NEIGHBOUR = "444455556666"
KEY_POLICIES = {
    "the account (a new key)": policy(THE_ACCOUNT),
    "the account, and alice by name": policy(THE_ACCOUNT, statement(arn("alice"), USE, Sid="Alice")),
    "the account, but a Deny for bob": policy(
        THE_ACCOUNT, statement(arn("bob"), "kms:Decrypt", Sid="Write only", Effect="Deny")
    ),
    "admin manages, alice uses": policy(
        statement(arn("admin"), MANAGE, Sid="Manage"), statement(arn("alice"), USE, Sid="Use")
    ),
    "only admin": policy(statement(arn("admin"), "kms:*", Sid="Admins")),
    "the account, and the neighbour's account": policy(
        THE_ACCOUNT, statement(account_arn(NEIGHBOUR), "kms:Decrypt", Sid="Neighbour")
    ),
    "everybody: Principal *": policy(THE_ACCOUNT, statement("*", USE, Sid="World")),
}
PERMISSIONS = {
    "a few of each kind": COMMON,
    "to use it": tuple(name for name in ACTIONS if name in ("ReEncryptFrom", "ReEncryptTo") or f"kms:{name}" in USE),
    "to hand it on": ("CreateGrant", "ListGrants", "RevokeGrant"),
    "to change it": (
        "PutKeyPolicy",
        "GetKeyPolicy",
        "EnableKey",
        "DisableKey",
        "EnableKeyRotation",
        "ScheduleKeyDeletion",
    ),
}
HIGH = 500  # px: the picture's height, however many rows are alike
NOW, CHANGED = "who may now", "what the last edit changed"


class WhoMayLab(Lab):
    """Put key policies, and see who may do what. `world` is the account it plays in; dave is of another account."""

    def __init__(self) -> None:
        self.world = World(EXAMPLES[0])
        dave = self.world.sim.user("dave", account=NEIGHBOUR, policies=[EVERYTHING])
        self.people = {person.arn: name for name, person in {**self.world.persons, "dave": dave}.items()}
        self._before = self._after = self._look(tuple(ACTIONS))
        self.key_policy = choice("The key policy names", KEY_POLICIES, listed=True)
        self.shown = choice("Show", (NOW, CHANGED))
        self.permissions = choice("Permissions", PERMISSIONS, listed=True)
        self.who = choice("Explain why", {name: name for name in self.people.values()}, "alice")
        self.action = choice("may or may not", COMMON, listed=True)
        super().__init__([self.key_policy, self.shown, self.permissions, self.who, self.action], "Who may")
        self.on(self.key_policy, self._put)
        self.on(self.shown, self._draw)
        self.on(self.permissions, self._other_permissions)
        self.on(self.who, self._why)
        self.on(self.action, self._why)
        self._draw()

    def let_go(self) -> None:
        self.world.close()

    def _look(self, actions: tuple[str, ...]) -> Matrix:
        return self.world.sim.who_may(self.world.key, actions)

    def _put(self) -> None:
        self._before = self._after
        self.world.put(self.key_policy.value, bypass=True)
        self._after = self._look(tuple(ACTIONS))
        with self.filling():
            self.shown.value = CHANGED
        self._draw()

    def _other_permissions(self) -> None:
        self.refill(self.action, [(name, name) for name in self.permissions.value])
        self._draw()

    def _draw(self) -> None:
        now, before = (_only(matrix, self.permissions.value) for matrix in (self._after, self._before))
        picture = who_may(now, before if self.shown.value == CHANGED else None, canvas=LAB, least=HIGH)
        self.show(picture, f"{picture.title}.")

    def _why(self) -> None:
        row = next(r for r in self._after.rows if self.people[_as_named(r)] == self.who.value)
        cell = self._after.cells[row, self.action.value]
        self.say(f"{self.who.value}, {self.action.value}: {'yes' if cell.allowed else 'no'}, {cell.reason}.")


def _only(matrix: Matrix, actions: tuple[str, ...]) -> Matrix:
    return Matrix(matrix.rows, actions, matrix.cells)


def _as_named(caller_arn: str) -> str:
    """The principal's ARN of a caller's: a role's for one of its sessions."""
    session = caller_arn.split("/")
    return arn("admin") if ":assumed-role/" in caller_arn and session[1] == "admin" else caller_arn
