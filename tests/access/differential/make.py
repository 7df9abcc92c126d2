"""Make the puzzles of the differential test, ask iam-simulate for each, and write what it said to `verdicts.json.gz`.

Run by hand, with node and `npm install @cloud-copilot/iam-simulate` in the folder given:
`python tests/access/differential/make.py FOLDER`. The suite replays the file without node.
"""

import gzip
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PUZZLES = 3_200
HOME, AWAY = "111122223333", "444455556666"
KEY = f"arn:aws:kms:us-east-1:{HOME}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER = f"arn:aws:kms:us-east-1:{HOME}:key/0000abcd-12ab-34cd-56ef-1234567890ab"
ACTIONS = ("Decrypt", "Encrypt", "GenerateDataKey", "DescribeKey", "CreateGrant", "ReEncryptFrom")
CALLERS = {
    "alice": f"arn:aws:iam::{HOME}:user/alice",
    "bob": f"arn:aws:iam::{AWAY}:user/team/bob",
    "app": f"arn:aws:sts::{HOME}:assumed-role/app/run",
    "lab": f"arn:aws:sts::{AWAY}:assumed-role/lab/run",
    "s3": "s3.amazonaws.com",
}
ROLES = {"app": f"arn:aws:iam::{HOME}:role/app", "lab": f"arn:aws:iam::{AWAY}:role/lab"}
NAMES = [*CALLERS.values(), *ROLES.values(), f"arn:aws:iam::{HOME}:root", f"arn:aws:iam::{AWAY}:root", HOME, AWAY]

# Condition keys that the request may carry, with values to have and to need.
KEYS: dict[str, list[str]] = {
    "kms:ViaService": [
        "s3.us-east-1.amazonaws.com",
        "ec2.us-east-1.amazonaws.com",
        "s3.*",
        "S3.us-east-1.amazonaws.com",
    ],
    "kms:EncryptionContext:App": ["blue", "Blue", "green", "bl*", "b?ue"],
    "aws:SourceIp": ["192.0.2.7", "192.0.2.0/24", "203.0.113.0/24", "2001:db8::1", "192.0.2.7/32"],
    "aws:CurrentTime": ["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2025-12-31T23:00:00-01:00"],
    "aws:MultiFactorAuthPresent": ["true", "false"],
    "aws:SourceArn": [
        "arn:aws:s3:::logs",
        "arn:aws:s3:::*",
        "arn:aws:sns:us-east-1:111122223333:t*",
        "arn:aws:sns:us-east-1:111122223333:topic",
    ],
    "aws:PrincipalTag/Team": ["red", "blue", "r*"],
    "aws:SourceVpce": ["vpce-1a2b", "vpce-ffff"],
    "kms:ScheduleKeyDeletionPendingWindowInDays": ["7", "14", "30.0", "007"],
}
MANY: dict[str, list[str]] = {
    "kms:EncryptionContextKeys": ["App", "Stage", "app", "Owner"],
    "kms:GrantOperations": ["Decrypt", "Encrypt", "GenerateDataKey"],
    "kms:ResourceAliases": ["alias/prod", "alias/test", "alias/p*"],
}
FOR = {
    "kms:ViaService": "String", "kms:EncryptionContext:App": "String", "aws:SourceIp": "IP", "aws:CurrentTime": "Date",
    "aws:MultiFactorAuthPresent": "Bool", "aws:SourceArn": "ARN", "aws:PrincipalTag/Team": "String",
    "aws:SourceVpce": "String", "kms:ScheduleKeyDeletionPendingWindowInDays": "Numeric",
}  # fmt: skip
ORDER = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
OPERATORS = {
    "String": [
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
    ],
    "Numeric": [f"Numeric{how}" for how in ORDER],
    "Date": [f"Date{how}" for how in ORDER],
    "Bool": ["Bool"],
    "IP": ["IpAddress", "NotIpAddress"],
    "ARN": ["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"],
}
VARIABLES = [
    "${aws:PrincipalTag/Team}",
    "${aws:PrincipalTag/Team, 'blue'}",
    "${aws:username}",
    "b${*}ue",
    "${kms:EncryptionContext:App}",
]


class Maker:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def some(self, values: list[str], most: int = 2) -> list[str]:
        return self.random.sample(values, self.random.randint(1, min(most, len(values))))

    def one(self, values: Any) -> Any:
        return self.random.choice(list(values))

    def chance(self, part: float) -> bool:
        return self.random.random() < part

    def condition(self) -> dict[str, dict[str, Any]]:
        if self.chance(0.12):
            return {"Null": {self.one([*KEYS, *MANY]): self.one(["true", "false"])}}
        if self.chance(0.25):
            key = self.one(MANY)
            operator = f"{self.one(['ForAllValues', 'ForAnyValue'])}:{self.one(OPERATORS['String'])}"
            return {operator: {key: self.some(MANY[key], 3)}}
        key = self.one(KEYS)
        operator = self.one(OPERATORS[FOR[key]]) + ("IfExists" if self.chance(0.25) else "")
        needed = self.some(KEYS[key], 2)
        if operator.startswith("String") and self.chance(0.2):
            needed.append(self.one(VARIABLES))
        return {operator: {self.one([key, key.lower()]) if self.chance(0.3) else key: needed}}

    def statement(self, *, principal: bool, allow: float = 0.8, conditions: float = 0.45) -> dict[str, Any]:
        statement: dict[str, Any] = {"Effect": "Allow" if self.chance(allow) else "Deny"}
        if principal:
            element = "NotPrincipal" if statement["Effect"] == "Deny" and self.chance(0.4) else "Principal"
            if element == "Principal" and self.chance(0.15):
                statement[element] = self.one(["*", {"AWS": "*"}])
            else:
                names = self.some(NAMES, 3)
                services = [n for n in names if n.endswith(".amazonaws.com")]
                aws = [n for n in names if n not in services]
                statement[element] = ({"AWS": aws} if aws else {}) | ({"Service": services} if services else {})
        actions = self.some(
            [f"kms:{a}" for a in ACTIONS]
            + ["kms:*", "kms:De*", "KMS:decrypt", "kms:GenerateDataKey*", "*", "kms:?ecrypt"],
            3,
        )
        statement["NotAction" if self.chance(0.1) else "Action"] = actions
        resources = [
            KEY,
            OTHER,
            "*",
            f"arn:aws:kms:*:{HOME}:key/*",
            "arn:aws:kms:us-east-1:*",
            f"arn:aws:kms:us-*-1:{HOME}:key/1234*",
        ]
        statement["NotResource" if self.chance(0.08) else "Resource"] = (
            "*" if self.chance(0.6) else self.some(resources, 2)
        )
        if self.chance(conditions):
            statement["Condition"] = self.condition() | (self.condition() if self.chance(0.2) else {})
        return statement

    def policy(
        self, *, principal: bool = False, allow: float = 0.8, most: int = 3, conditions: float = 0.45
    ) -> dict[str, Any]:
        version = "2008-10-17" if self.chance(0.06) else "2012-10-17"
        statements = [
            self.statement(principal=principal, allow=allow, conditions=conditions)
            for _ in range(self.random.randint(1, most))
        ]
        return {"Version": version, "Statement": statements}

    def opened(self, policy: dict[str, Any]) -> dict[str, Any]:
        """The same with a statement that allows everything, so that what lies behind it is reached."""
        policy["Statement"].append({"Effect": "Allow", "Action": "*", "Resource": "*"})
        return policy

    def context(self, who: str) -> dict[str, Any]:
        context: dict[str, Any] = {}
        for key, values in KEYS.items():
            plain = [v for v in values if not set(v) & set("*?/") or key == "aws:SourceVpce"]
            if self.chance(0.5):
                context[key] = self.one(plain)
        for key, values in MANY.items():
            if self.chance(0.5):
                context[key] = self.some([v for v in values if "*" not in v], 3)
        if who in ("alice", "bob"):
            context["aws:username"] = who
        elif who != "s3":  # temporary credentials always tell
            context.setdefault("aws:MultiFactorAuthPresent", "false")
        return context

    def puzzle(self) -> dict[str, Any]:
        who = self.one(["alice", "alice", "bob", "app", "app", "lab", "s3"])
        context = self.context(who)
        puzzle: dict[str, Any] = {"caller": who, "action": f"kms:{self.one(ACTIONS)}", "context": context}
        puzzle["key_policy"] = self.policy(principal=True)
        if self.chance(0.5):  # the usual opening
            account = f"arn:aws:iam::{self.one([HOME, AWAY])}:root"
            root = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "kms:*", "Resource": "*"}
            puzzle["key_policy"]["Statement"].append(root)
        return puzzle if who == "s3" else {**puzzle, **self.beside(who)}

    def beside(self, who: str) -> dict[str, Any]:
        """The documents besides the key policy."""
        found: dict[str, Any] = {}
        if self.chance(0.8):
            found["identity"] = self.perhaps_opened()
        if self.chance(0.3):
            found["boundary"] = self.perhaps_opened()
        if self.chance(0.3) and who in ("app", "lab"):
            found["session"] = self.perhaps_opened()
        if self.chance(0.25):
            found["scps"] = [
                self.opened(self.policy(allow=0.4)) if self.chance(0.7) else self.policy()
                for _ in range(self.random.randint(1, 2))
            ]
        if self.chance(0.15):
            found["rcp"] = {"Version": "2012-10-17", "Statement": [self.rcp_statement()]}
        if self.chance(0.1):
            found["endpoint"] = self.policy()
            for statement in found["endpoint"]["Statement"]:
                statement["Principal"] = "*"
        return found

    def perhaps_opened(self) -> dict[str, Any]:
        return self.opened(self.policy()) if self.chance(0.4) else self.policy()

    def rcp_statement(self) -> dict[str, Any]:
        statement = self.statement(principal=False, allow=0, conditions=0.9)
        statement["Action"] = [a for a in statement.pop("NotAction", statement.get("Action")) if a != "*"] or ["kms:*"]
        return {**statement, "Principal": "*"}


def simulation(puzzle: dict[str, Any]) -> dict[str, Any]:
    """A puzzle as iam-simulate takes it."""
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    who = puzzle["caller"]
    account = AWAY if who in ("bob", "lab") else HOME
    principal = {
        "aws:PrincipalArn": ROLES.get(who, CALLERS[who]), "aws:PrincipalAccount": account,
        "aws:PrincipalIsAWSService": "false",
    } if who != "s3" else {"aws:PrincipalIsAWSService": "true"}  # fmt: skip
    named = lambda policy: [{"name": "p", "policy": policy}]  # noqa: E731
    scps = puzzle.get("scps") or [everything]
    found = {
        "request": {
            "principal": CALLERS[who], "action": puzzle["action"],
            "resource": {"resource": KEY, "accountId": HOME}, "contextVariables": principal | puzzle["context"],
        },
        "identityPolicies": named(puzzle["identity"]) if "identity" in puzzle else [],
        "serviceControlPolicies": [{"orgIdentifier": f"o{n}", "policies": named(policy)} for n, policy in enumerate(scps)],
        "resourceControlPolicies": [{"orgIdentifier": "o0", "policies": named(puzzle["rcp"]) if "rcp" in puzzle else []}],
        "resourcePolicy": puzzle["key_policy"],
    }  # fmt: skip
    if "boundary" in puzzle:
        found["permissionBoundaryPolicies"] = named(puzzle["boundary"])
    if "session" in puzzle:
        found["sessionPolicy"] = puzzle["session"]
    if "endpoint" in puzzle:
        found["vpcEndpointPolicies"] = named(puzzle["endpoint"])
    return found


def main() -> None:
    folder = Path(sys.argv[1])
    maker = Maker(20260101)
    puzzles = [maker.puzzle() for _ in range(PUZZLES)]
    (folder / "puzzles.json").write_text(json.dumps([simulation(p) for p in puzzles]))
    shutil.copy(HERE / "ask.mjs", folder / "ask.mjs")
    subprocess.run(["node", "ask.mjs"], cwd=folder, check=True)
    answers = json.loads((folder / "answers.json").read_text())
    kept = []
    for puzzle, answer in zip(puzzles, answers, strict=True):
        if answer["result"]:  # it leaves out the keys that it thinks the operation does not carry; so do we then
            context = {key: value for key, value in puzzle["context"].items() if key not in (answer["ignored"] or ())}
            kept.append({**puzzle, "context": context, "said": answer["result"]})
    refused = len(puzzles) - len(kept)
    path = HERE / "verdicts.json.gz"
    path.write_bytes(gzip.compress(json.dumps(kept, separators=(",", ":")).encode(), mtime=0))
    sys.stdout.write(f"{len(kept)} puzzles, {refused} refused by iam-simulate, {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
