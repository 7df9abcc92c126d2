"""The KMS Developer Guide's examples of conditions on an encryption context."""

from tests.access.guides.example import ACCOUNT, KEY, Example, allowed, denied, role, silent, user
from tests.access.guides.kms import APP, BOB, context, sent, when
from tests.access.people import allow, deny

PAGE = "conditions-kms"
ALICE = user("alice", "712816755609")
ALICES_KEY = KEY.replace(ACCOUNT, "712816755609")


EXAMPLES = (
    Example(
        page=PAGE, title="kms:EncryptionContext, one pair required",
        key_policy=allow(APP.arn, "kms:GenerateDataKey", Condition={"StringEquals": context(AppName="ExampleApp")}),
        asks=(
            allowed(APP, "GenerateDataKey", **sent(AppName="ExampleApp")), allowed(APP, "GenerateDataKey", **sent(AppName="ExampleApp", Stage="Test")),
            allowed(APP, "GenerateDataKey", **sent(appname="ExampleApp")),
            silent(APP, "GenerateDataKey", **sent(AppName="exampleapp")), silent(APP, "GenerateDataKey"),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, one pair required and no other",
        key_policy=allow(ALICE.arn, "kms:GenerateDataKey", Condition={
            "StringEquals": context(AppName="ExampleApp"), "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["AppName"]}}),
        asks=(
            allowed(ALICE, "GenerateDataKey", ALICES_KEY, **sent(AppName="ExampleApp")),
            silent(ALICE, "GenerateDataKey", ALICES_KEY, **sent(AppName="ExampleApp", Stage="Test")),
            silent(ALICE, "GenerateDataKey", ALICES_KEY),
        ),
        note="the guide gives alice's account and no key; the key is of her account here",
    ),
    Example(
        page=PAGE, title="kms:EncryptionContextKeys with ForAllValues alone lets a request without a context through",
        key_policy=allow(APP.arn, "kms:GenerateDataKey", Condition={"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["AppName"]}}),
        asks=(allowed(APP, "GenerateDataKey"), allowed(APP, "GenerateDataKey", **sent(AppName="any")), silent(APP, "GenerateDataKey", **sent(Stage="any"))),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, one pair forbidden",
        key_policy=(allow(APP.arn), deny(APP.arn, "kms:GenerateDataKey", Condition={"StringEquals": context(Stage="Restricted")})),
        asks=(
            denied(APP, "GenerateDataKey", **sent(Stage="Restricted")), denied(APP, "GenerateDataKey", **sent(Stage="Restricted", AppName="x")),
            allowed(APP, "GenerateDataKey", **sent(Stage="Test")), allowed(APP, "GenerateDataKey"),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, two pairs required",
        key_policy=allow(APP.arn, "kms:Decrypt", Condition={"StringEquals": context(Department="IT", Project="Alpha")}),
        asks=(
            allowed(APP, "Decrypt", **sent(Department="IT", Project="Alpha")), allowed(APP, "Decrypt", **sent(Department="IT", Project="Alpha", Stage="x")),
            silent(APP, "Decrypt", **sent(Department="IT")), silent(APP, "Decrypt", **sent(Project="Alpha")),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, one pair or another, or both",
        key_policy=tuple(allow(APP.arn, "kms:GenerateDataKey", Condition={"StringEquals": pair}) for pair in (context(Department="IT"), context(Project="Alpha"))),
        asks=(
            allowed(APP, "GenerateDataKey", **sent(Department="IT")), allowed(APP, "GenerateDataKey", **sent(Project="Alpha")),
            allowed(APP, "GenerateDataKey", **sent(Department="IT", Project="Alpha")), silent(APP, "GenerateDataKey", **sent(Department="HR")),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, two pairs required and no other",
        key_policy=allow(ALICE.arn, "kms:GenerateDataKey", Condition={
            "StringEquals": context(Department="IT", Project="Alpha"),
            "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["Department", "Project"]}}),
        asks=(
            allowed(ALICE, "GenerateDataKey", ALICES_KEY, **sent(Department="IT", Project="Alpha")),
            silent(ALICE, "GenerateDataKey", ALICES_KEY, **sent(Department="IT", Project="Alpha", Stage="x")),
            silent(ALICE, "GenerateDataKey", ALICES_KEY, **sent(Department="IT")), silent(ALICE, "GenerateDataKey", ALICES_KEY),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, two values forbidden",
        key_policy=(allow(APP.arn), deny(APP.arn, "kms:GenerateDataKey", Condition={"StringEquals": {"kms:EncryptionContext:Stage": ["Restricted", "Production"]}})),
        asks=(
            denied(APP, "GenerateDataKey", **sent(Stage="Restricted")), denied(APP, "GenerateDataKey", **sent(Stage="Production")),
            allowed(APP, "GenerateDataKey", **sent(Stage="Test")),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, a name in any case, a value in its own",
        key_policy=allow(APP.arn, "kms:Decrypt", Condition={"StringEquals": context(Appname="ExampleApp")}),
        asks=(
            allowed(APP, "Decrypt", **sent(appName="ExampleApp")), allowed(APP, "Decrypt", **sent(APPNAME="ExampleApp")),
            silent(APP, "Decrypt", **sent(Appname="exampleapp")),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContextKeys, a name in its own case",
        key_policy=allow(APP.arn, "kms:GenerateDataKey", Condition={"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "AppName"}}),
        asks=(allowed(APP, "GenerateDataKey", **sent(AppName="any")), silent(APP, "GenerateDataKey", **sent(appname="any"))),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext and kms:EncryptionContextKeys, name and value in their own case",
        key_policy=allow(APP.arn, "kms:GenerateDataKey", Condition={
            "ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "AppName"}, "StringEquals": context(AppName="ExampleApp")}),
        asks=(
            allowed(APP, "GenerateDataKey", **sent(AppName="ExampleApp")), silent(APP, "GenerateDataKey", **sent(appname="ExampleApp")),
            silent(APP, "GenerateDataKey", **sent(AppName="exampleapp")),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext with ${aws:username}",
        key_policy=allow([role("TestTeam").arn, BOB.arn], ["kms:Decrypt", "kms:Encrypt"], Condition={"StringEquals": context(user="${aws:username}")}),
        asks=(
            allowed(BOB, "Encrypt", **sent(user="bob")), silent(BOB, "Decrypt", **sent(user="alice")), silent(BOB, "Decrypt"),
            silent(role("TestTeam", session="bob"), "Encrypt", **sent(user="bob")),
        ),
        note="the guide names the role TestTeam alone; a role's session carries no aws:username (IAM User Guide, principal key values), so the "
        "variable has no value for it and nothing is allowed. bob, who has one, is added",
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext with ${cognito-identity.amazonaws.com:sub}",
        key_policy=allow(role("TestTeam").arn, ["kms:Decrypt", "kms:Encrypt"], Condition={"StringEquals": context(sub="${cognito-identity.amazonaws.com:sub}")}),
        asks=(
            allowed(role("TestTeam"), "Decrypt", keys={"cognito-identity.amazonaws.com:sub": "us-east-1:1234"}, **sent(sub="us-east-1:1234")),
            silent(role("TestTeam"), "Decrypt", keys={"cognito-identity.amazonaws.com:sub": "us-east-1:1234"}, **sent(sub="us-east-1:9999")),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContextKeys with ForAnyValue",
        key_policy=allow(APP.arn, ["kms:Encrypt", "kms:GenerateDataKey*"], Condition={"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "AppName"}}),
        asks=(
            allowed(APP, "GenerateDataKey", **sent(AppName="Helper", Project="Alpha")), silent(APP, "GenerateDataKey", **sent(Project="Alpha")),
            silent(APP, "GenerateDataKey"),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContextKeys with Null: any context will do, but one there must be",
        key_policy=allow(APP.arn, ["kms:Encrypt", "kms:GenerateDataKey*"], **when("Null", kms__EncryptionContextKeys=False)),
        asks=(allowed(APP, "Encrypt", **sent(any="thing")), silent(APP, "Encrypt")),
    ),
)  # fmt: skip
