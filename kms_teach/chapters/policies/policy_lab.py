"""The lab of policies: edit a key policy and an IAM policy, call as somebody, and see what decided.

Every edit is really put, every call really made; the smallest change is really done, and can be undone.
"""

import json
from typing import Any

from kms_teach.access.authorization import Authorization
from kms_teach.access.rewriting import statements
from kms_teach.chapters.policies.edits import KEY_POLICY, Refused, State, held, put, restore
from kms_teach.chapters.policies.world import EXAMPLES, NAMES, NONE, ROOT, Example, World
from kms_teach.drawing.look import LAB
from kms_teach.inspect.change import Option, smallest
from kms_teach.inspect.decision import decision
from kms_teach.teaching.controls import button, choice, inline, text, tick
from kms_teach.teaching.lab import Lab
from kms_teach.teaching.request import record_of

OPERATIONS = ("Encrypt", "Decrypt", "GenerateDataKey", "DescribeKey", "GetKeyPolicy")
EDITABLE = ("key policy", "IAM policy", "grant")  # what this lab can really change
NO_FIX = "nothing to change here"
NO_IAM_POLICY = "none: “Make this change” writes one"
ROOT_NEEDS_NONE = "the root user needs none"
BYPASSED = "The next key policy is put without the safety check: it may lock everybody out, the root user too."
CHECKED = "The next key policy is put with the safety check: KMS refuses one that shuts its own author out."


class PolicyLab(Lab):
    """Edit policies and see the decision. `world` is the account it plays in, with `world.sim`."""

    def __init__(self, example: int = 0) -> None:
        self.world = World(EXAMPLES[example])
        self._past: list[State] = []
        self._refusals: dict[str, Refused] = {}  # KEY_POLICY, or whose IAM policy it was to be
        self._options: list[Option] = []
        self._authorization: Authorization | None = None
        self.example = inline(
            choice("Start from", [(e.words, n) for n, e in enumerate(EXAMPLES)], example, listed=True)
        )
        self.caller = choice("Who calls", NAMES)
        self.operation = inline(choice("What", OPERATIONS, listed=True))
        self.key_policy = text("Key policy", rows=6)
        self.iam = text("IAM policy", rows=4)
        self.bypass = tick("Bypass the lockout safety check")
        self.fix = choice("Smallest change", [(NO_FIX, None)], listed=True)
        self.change, self.undo = button("Make this change"), button("Undo")
        controls = [self.example, self.caller, self.operation, self.key_policy, self.bypass, self.iam]
        super().__init__([*controls, self.fix, self.change, self.undo], "Policies")
        self.on(self.example, self._start, "Making a new account …")
        self.on(self.caller, self._choose_caller)
        self.on(self.operation, self._choose)
        self.on(self.key_policy, lambda: self._edit(KEY_POLICY))
        self.on(self.iam, lambda: self._edit(self.caller.value))
        self.on(self.bypass, self._again)
        self.on(self.change, self._change)
        self.on(self.undo, self._undo)
        self._begin(EXAMPLES[example])

    def let_go(self) -> None:
        self.world.close()

    # --- what the controls do ---

    def _start(self) -> None:
        example, before = EXAMPLES[self.example.value], self.world
        self.world, self._past, self._refusals = World(example), [], {}
        before.close()
        self._begin(example)

    def _begin(self, example: Example) -> None:
        with self.filling():
            self.caller.value, self.operation.value = example.caller, example.operation
            self.bypass.value = False
        self._call()

    def _choose_caller(self) -> None:
        self._fill()  # first: the text in the field is about who was chosen before
        self._choose()

    def _choose(self) -> None:
        if not self._stands_refused():
            self._call()

    def _edit(self, place: str) -> None:
        """Put the text that was edited and, since it may count now, one that was refused before."""
        first = [place] if place != ROOT else []
        if all(self._put(each) for each in (*first, *(each for each in self._shown() if each in self._refusals))):
            self._call()

    def _again(self) -> None:
        """Put a key policy once more that was refused, now with the other answer to the safety check."""
        if KEY_POLICY in self._refusals:
            self._edit(KEY_POLICY)
        else:
            self.say(BYPASSED if self.bypass.value else CHECKED)

    def _change(self) -> None:
        if self._stands_refused():
            return
        authorization = self._authorization
        if self.fix.value is None or authorization is None:
            raise ValueError("there is no change to make: call as somebody else, or start from another example")
        fix = self._options[self.fix.value].fix
        before, (_, documents) = State.of(self.world), fix.apply(authorization.request, authorization.documents)
        assert documents.key_policy
        kinds = {edit.kind for edit in fix.edits}
        if "key policy" in kinds:
            self.world.put(documents.key_policy.text, bypass=True)
        if "IAM policy" in kinds:
            self.world.give(self.caller.value, _merged([statements(document) for document in documents.identity]))
        if "grant" in kinds:
            self._grant(authorization, documents.grants)
        self._past.append(before)
        self._call()
        self.say(f"Done: {fix.says}. {self._verdict()} “Undo” takes it back.")

    def _grant(self, authorization: Authorization, after: tuple[Any, ...]) -> None:
        old, new = ({grant.id for grant in grants} for grants in (authorization.documents.grants, after))
        for grant in after:
            if grant.id not in old:
                self.world.grant(self.caller.value, list(grant.operations))
        for grant_id in old - new:
            self.world.revoke(grant_id)

    def _undo(self) -> None:
        if not self._past:
            raise ValueError("there is nothing to undo: change something first")
        old = self._past[-1]
        restore(self.world, old)
        self._past.pop()
        self._refusals.clear()
        self._call()
        self.say(f"Undone. {self._verdict()}")

    # --- putting and calling ---

    def _put(self, place: str) -> bool:
        """Put the text in a field, if it is another one."""
        self._refusals.pop(place, None)
        text = (self.key_policy if place == KEY_POLICY else self.iam).value
        if text == held(self.world, place):
            return True
        before = State.of(self.world)
        if refused := put(self.world, place, text, bypass=self.bypass.value):
            self._refuse(place, refused)
            return False
        self._past.append(before)
        return True

    def _refuse(self, place: str, refusal: Refused) -> None:
        self._refusals[place] = refusal
        self.say(refusal.said, mistake=True, word=refusal.word)

    def _stands_refused(self) -> bool:
        """Whether a text that was refused still stands in a field; says again what is wrong with it."""
        for place in self._shown():
            if place in self._refusals:
                self._refuse(place, self._refusals[place])
                return True
        return False

    def _shown(self) -> tuple[str, str]:
        return KEY_POLICY, self.caller.value

    def _fill(self) -> None:
        """Show what stands in the policies now, or what was refused and waits to be corrected."""
        name = self.caller.value
        with self.filling():
            for place, field in zip(self._shown(), (self.key_policy, self.iam), strict=True):
                refused = self._refusals.get(place)
                field.value = refused.text if refused else held(self.world, place)
        self.iam.description = f"IAM policy of {name}"
        self.iam.disabled = name == ROOT
        self.iam.placeholder = ROOT_NEEDS_NONE if name == ROOT else NO_IAM_POLICY

    def _call(self) -> None:
        name, operation = self.caller.value, self.operation.value
        sim = self.world.sim
        call = record_of(sim.trail, self.world.call, name=name, operation=operation)
        self._code, self._authorization = call.error, sim.authorization(call)
        options = smallest(self._authorization)
        self._options = [option for option in options if all(edit.kind in EDITABLE for edit in option.fix.edits)]
        with self.filling():  # a value is a place in the list: ways of two worlds may be equal, and yet name two keys
            self.fix.options = [(f"{o.says} ({o.effect})", n) for n, o in enumerate(self._options)] or [(NO_FIX, None)]
            self.fix.value = self.fix.options[0][1]
        self._fill()
        self.show(decision(self._authorization, canvas=LAB))
        self.say(self._verdict())

    def _verdict(self) -> str:
        assert self.picture
        who = self.caller.value.replace("the root", "The root")
        return f"{who} calls {self.operation.value}: {self._code or 'allowed'}. {self.picture.title}.{self._faults()}"

    def _faults(self) -> str:
        """What is wrong with the key policy all the same: the first fault, and how many there are."""
        faults = self.world.sim.faults(self.world.key)
        if not faults:
            return ""
        line = f"line {faults[0].line} of the key policy" if faults[0].line else "the key policy"
        more = f" And {len(faults) - 1} more." if len(faults) > 1 else ""
        return f" But look at {line}: {faults[0].says}.{more}"


def _merged(of_documents: list[list[Any]]) -> str:
    """Several IAM policies as one, which says the same."""
    together = [statement for of_one in of_documents for statement in of_one]
    return json.dumps({"Version": "2012-10-17", "Statement": together}, indent=2) if together else NONE
