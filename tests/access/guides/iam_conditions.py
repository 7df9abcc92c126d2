"""The IAM User Guide's examples of condition operators, and of several keys and values."""

from typing import Any

from tests.access.guides.example import Example, allowed, denied, role, silent, user
from tests.access.guides.iam import ADA, EVERYTHING, HOME, HOME_KEY, JOHN, USERS, when
from tests.access.people import allow, deny

AWAY = "444455556666"
JOHN_DOE = user("John", HOME)
THREAD = "arn:aws:dynamodb:us-west-2:123456789012:table/Thread"
OPERATORS, MULTI, TAGS = (
    f"reference_policies_{name}"
    for name in (
        "elements_condition_operators",
        "multi-value-conditions",
        "condition_examples-multi-valued-context-keys",
    )
)


def attributes(*names: str) -> dict[str, Any]:
    return {"keys": {"dynamodb:requestedAttributes": names}}


def tags(*names: str) -> dict[str, Any]:
    return {"keys": {"aws:TagKeys": names} if names else {}}


EXAMPLES = (
    Example(
        page="reference_policies_elements_condition", title="a value in its own case", identity=allow(action="s3:GetObject", **when("StringEquals", "aws:username", "john")),
        asks=(allowed(JOHN, "s3:GetObject"), silent(JOHN_DOE, "s3:GetObject")),
    ),
    Example(
        page="reference_policies_elements_condition", title="a value in any case", identity=allow(action="s3:GetObject", **when("StringEqualsIgnoreCase", "aws:username", "john")),
        asks=(allowed(JOHN, "s3:GetObject"), allowed(JOHN_DOE, "s3:GetObject"), silent(ADA, "s3:GetObject")),
    ),
    Example(
        page="reference_policies_elements_condition", title="a key's name in any case", identity=allow(action="s3:GetObject", **when("IpAddress", "AWS:sourceip", "192.0.2.0/24")),
        asks=(allowed(JOHN, "s3:GetObject", keys={"aws:SourceIp": "192.0.2.7"}), silent(JOHN, "s3:GetObject", keys={"aws:SourceIp": "198.51.100.7"})),
    ),
    Example(
        page="reference_policies_elements_condition", title="after a date", identity=allow(action="s3:GetObject", **when("DateGreaterThan", "aws:CurrentTime", "2013-12-15T12:00:00Z")),
        asks=(allowed(JOHN, "s3:GetObject", keys={"aws:CurrentTime": "2013-12-15T12:00:01Z"}), silent(JOHN, "s3:GetObject", keys={"aws:CurrentTime": "2013-12-15T12:00:00Z"})),
    ),
    Example(
        page=OPERATORS, title="StringEquals: a tag of the principal", identity=allow(
            action="iam:*AccessKey*", resource=f"{USERS}*", **when("StringEquals", "aws:PrincipalTag/job-category", "iamuser-admin")),
        asks=(allowed(ADA, "iam:ListAccessKeys", f"{USERS}Ada"), silent(JOHN, "iam:ListAccessKeys", f"{USERS}john")),
    ),
    Example(
        page=OPERATORS, title="StringLike with a variable: one's own home directory",
        identity=(
            allow(action=["s3:ListAllMyBuckets", "s3:GetBucketLocation"], resource="arn:aws:s3:::*"),
            allow(action="s3:ListBucket", resource="arn:aws:s3:::BUCKET-NAME", **when("StringLike", "s3:prefix", ["", "home/", "home/${aws:username}/"])),
            allow(action="s3:*", resource=["arn:aws:s3:::BUCKET-NAME/home/${aws:username}", "arn:aws:s3:::BUCKET-NAME/home/${aws:username}/*"]),
        ),
        asks=(
            allowed(JOHN, "s3:ListBucket", "arn:aws:s3:::BUCKET-NAME", keys={"s3:prefix": "home/john/"}), silent(JOHN, "s3:ListBucket", "arn:aws:s3:::BUCKET-NAME", keys={"s3:prefix": "home/Ada/"}),
            allowed(JOHN, "s3:ListBucket", "arn:aws:s3:::BUCKET-NAME", keys={"s3:prefix": ""}), allowed(JOHN, "s3:GetObject", "arn:aws:s3:::BUCKET-NAME/home/john/a.txt"),
            silent(JOHN, "s3:GetObject", "arn:aws:s3:::BUCKET-NAME/home/Ada/a.txt"),
        ),
    ),
    Example(
        page=OPERATORS, title="NumericLessThanEquals", identity=allow(action="s3:ListBucket", resource="arn:aws:s3:::example_bucket", **when("NumericLessThanEquals", "s3:max-keys", "10")),
        asks=(
            allowed(JOHN, "s3:ListBucket", "arn:aws:s3:::example_bucket", keys={"s3:max-keys": "10"}), silent(JOHN, "s3:ListBucket", "arn:aws:s3:::example_bucket", keys={"s3:max-keys": "11"}),
            silent(JOHN, "s3:ListBucket", "arn:aws:s3:::example_bucket"),
        ),
    ),
    Example(
        page=OPERATORS, title="DateGreaterThan: only with temporary credentials, and fresh ones",
        identity=allow(action="iam:*AccessKey*", resource=f"{USERS}*", **when("DateGreaterThan", "aws:TokenIssueTime", "2020-01-01T00:00:01Z")),
        asks=(
            allowed(role("Any", HOME), "iam:CreateAccessKey", f"{USERS}a", keys={"aws:TokenIssueTime": "2020-06-01T00:00:00Z"}),
            silent(role("Any", HOME), "iam:CreateAccessKey", f"{USERS}a", keys={"aws:TokenIssueTime": "2019-06-01T00:00:00Z"}), silent(JOHN, "iam:CreateAccessKey", f"{USERS}a"),
        ),
    ),
    Example(
        page=OPERATORS, title="Bool: deny all that does not come over TLS",
        identity=(EVERYTHING, deny(action="s3:*", resource=["arn:aws:s3:::DOC-EXAMPLE-BUCKET", "arn:aws:s3:::DOC-EXAMPLE-BUCKET/*"], **when("Bool", "aws:SecureTransport", "false"))),
        asks=(
            denied(JOHN, "s3:GetObject", "arn:aws:s3:::DOC-EXAMPLE-BUCKET/a", keys={"aws:SecureTransport": "false"}),
            allowed(JOHN, "s3:GetObject", "arn:aws:s3:::DOC-EXAMPLE-BUCKET/a", keys={"aws:SecureTransport": "true"}),
        ),
    ),
    Example(
        page=OPERATORS, title="BinaryEquals", identity=allow(action="s3:GetObject", **when("BinaryEquals", "aws:key", "QmluYXJ5VmFsdWVJbkJhc2U2NA==")),
        asks=(allowed(JOHN, "s3:GetObject", keys={"aws:key": "QmluYXJ5VmFsdWVJbkJhc2U2NA=="}), silent(JOHN, "s3:GetObject", keys={"aws:key": "QUI="}), silent(JOHN, "s3:GetObject")),
        note="the guide calls its condition key just key",
    ),
    Example(
        page=OPERATORS, title="IpAddress: one range", identity=allow(action="iam:*AccessKey*", resource=f"{USERS}*", **when("IpAddress", "aws:SourceIp", "203.0.113.0/24")),
        asks=(
            allowed(JOHN, "iam:GetAccessKeyLastUsed", f"{USERS}john", keys={"aws:SourceIp": "203.0.113.255"}),
            silent(JOHN, "iam:GetAccessKeyLastUsed", f"{USERS}john", keys={"aws:SourceIp": "203.0.114.0"}), silent(JOHN, "iam:GetAccessKeyLastUsed", f"{USERS}john"),
        ),
    ),
    Example(
        page=OPERATORS, title="IpAddress: IPv4 and IPv6", identity=allow(action="s3:*", **when("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"])),
        asks=(
            allowed(JOHN, "s3:GetObject", keys={"aws:SourceIp": "203.0.113.1"}), allowed(JOHN, "s3:GetObject", keys={"aws:SourceIp": "2001:db8:1234:5678::1"}),
            silent(JOHN, "s3:GetObject", keys={"aws:SourceIp": "2001:db8:1234:5679::1"}),
        ),
    ),
    *(
        Example(
            page=OPERATORS, title=f"{operator}: where the stars of an ARN {ends}",
            identity=allow(action="s3:GetObject", **when(operator, "aws:SourceArn", "arn:aws:someservice:*:111122223333:finance/*")),
            asks=(
                verdict(JOHN, "s3:GetObject", keys={"aws:SourceArn": "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"}),
                (allowed if verdict is silent else silent)(JOHN, "s3:GetObject", keys={"aws:SourceArn": f"arn:aws:someservice:us-east-2:111122223333:{'finance' if verdict is silent else 'other'}/a.txt"}),
            ),
        )
        for operator, verdict, ends in (("StringLike", allowed, "reach over colons"), ("ArnLike", silent, "end at a colon"))
    ),
    Example(
        page=OPERATORS, title="ArnEquals: only on behalf of one topic", key_policy=allow("123456789012", "kms:Decrypt", **when("ArnEquals", "aws:SourceArn", "arn:aws:sns:us-west-2:123456789012:TOPIC-ID")),
        identity=allow(),
        asks=(
            allowed(JOHN, "Decrypt", HOME_KEY, source_arn="arn:aws:sns:us-west-2:123456789012:TOPIC-ID"), silent(JOHN, "Decrypt", HOME_KEY),
        ),
        note="a key stands for the queue",
    ),
    Example(
        page=OPERATORS, title="StringLike where another resource of the same call lacks the key",
        identity=allow(action="ec2:RunInstances", **when("StringLike", "ec2:InstanceType", ["t1.*", "t2.*", "m3.*"])),
        asks=(
            allowed(JOHN, "ec2:RunInstances", "arn:aws:ec2:us-west-2:123456789012:instance/*", keys={"ec2:InstanceType": "t2.micro"}),
            silent(JOHN, "ec2:RunInstances", "arn:aws:ec2:us-west-2::image/ami-1"),
        ),
    ),
    Example(
        page=OPERATORS, title="StringLikeIfExists", identity=allow(action="ec2:RunInstances", **when("StringLikeIfExists", "ec2:InstanceType", ["t1.*", "t2.*", "m3.*"])),
        asks=(
            allowed(JOHN, "ec2:RunInstances", "arn:aws:ec2:us-west-2:123456789012:instance/*", keys={"ec2:InstanceType": "m3.large"}), allowed(JOHN, "ec2:RunInstances", "arn:aws:ec2:us-west-2::image/ami-1"),
            silent(JOHN, "ec2:RunInstances", "arn:aws:ec2:us-west-2:123456789012:instance/*", keys={"ec2:InstanceType": "c5.large"}),
        ),
    ),
    Example(
        page=OPERATORS, title="a Deny with StringNotEqualsIfExists denies where the key is missing too",
        identity=(EVERYTHING, deny(action="s3:*", **when("StringNotEqualsIfExists", "s3:ExistingObjectTag/a", "b"))),
        asks=(denied(JOHN, "s3:GetObject"), denied(JOHN, "s3:GetObject", keys={"s3:ExistingObjectTag/a": "c"}), allowed(JOHN, "s3:GetObject", keys={"s3:ExistingObjectTag/a": "b"})),
    ),
    Example(
        page=OPERATORS, title="a negated operator holds where the key is missing", identity=allow(action="s3:*", **when("StringNotLike", "s3:ExistingObjectTag/a", "b*")),
        asks=(allowed(JOHN, "s3:GetObject"), silent(JOHN, "s3:GetObject", keys={"s3:ExistingObjectTag/a": "bc"})),
    ),
    Example(
        page=OPERATORS, title="Null: not with temporary credentials", identity=allow(action="ec2:*", **when("Null", "aws:TokenIssueTime", "true")),
        asks=(allowed(JOHN, "ec2:StartInstances"), silent(role("Any", HOME), "ec2:StartInstances", keys={"aws:TokenIssueTime": "2020-06-01T00:00:00Z"})),
    ),
    Example(
        page=MULTI, title="keys are joined by AND, values of one key by OR",
        identity=allow(action="s3:*", Condition={"StringEqualsIgnoreCase": {"aws:PrincipalTag/department": ["finance", "hr", "legal"], "aws:PrincipalTag/role": ["audit", "security"]},
                                               "StringEquals": {"aws:PrincipalAccount": HOME}}),
        asks=(
            allowed(user("a", HOME, tags=(("department", "hr"), ("role", "audit"))), "s3:GetObject"), allowed(user("a", HOME, tags=(("department", "Legal"), ("role", "Security"))), "s3:GetObject"),
            silent(user("a", HOME, tags=(("department", "hr"),)), "s3:GetObject"), silent(user("a", AWAY, tags=(("department", "hr"), ("role", "audit"))), "s3:GetObject"),
        ),
    ),
    Example(
        page=MULTI, title="ForAllValues: only these attributes", identity=allow(action="dynamodb:GetItem", resource=THREAD, **when("ForAllValues:StringLike", "dynamodb:requestedAttributes", ["PostDateTime", "Message", "Tags"])),
        asks=(
            allowed(JOHN, "dynamodb:GetItem", THREAD, **attributes("PostDateTime", "Message")), silent(JOHN, "dynamodb:GetItem", THREAD, **attributes("PostDateTime", "Message", "ID")),
            silent(JOHN, "dynamodb:GetItem", THREAD, **attributes("PostDateTime", "UserName")), allowed(JOHN, "dynamodb:GetItem", THREAD),
        ),
    ),
    Example(
        page=MULTI, title="ForAnyValue in a Deny: none of these attributes",
        identity=(EVERYTHING, deny(action="dynamodb:PutItem", resource=THREAD, **when("ForAnyValue:StringLike", "dynamodb:requestedAttributes", ["ID", "PostDateTime"]))),
        asks=(
            denied(JOHN, "dynamodb:PutItem", THREAD, **attributes("PostDateTime", "Message")), denied(JOHN, "dynamodb:PutItem", THREAD, **attributes("UserName", "Message", "PostDateTime")),
            allowed(JOHN, "dynamodb:PutItem", THREAD, **attributes("UserName")), allowed(JOHN, "dynamodb:PutItem", THREAD),
        ),
    ),
    Example(
        page=TAGS, title="ForAllValues:StringNotLike, one prefix", identity=(EVERYTHING, deny(action=["iam:Tag*", "iam:UnTag*"], **when("ForAllValues:StringNotLike", "aws:TagKeys", "key1*"))),
        asks=(
            allowed(JOHN, "iam:TagUser", **tags("key1:legal")), allowed(JOHN, "iam:TagUser", **tags("key1:hr", "key1:personnel")), denied(JOHN, "iam:TagUser", **tags("key2:audit")),
            denied(JOHN, "iam:TagUser", **tags()), denied(JOHN, "iam:UntagUser", **tags("key2:audit")),
        ),
    ),
    Example(
        page=TAGS, title="ForAllValues:StringNotLike, two prefixes", identity=(EVERYTHING, deny(action=["iam:Tag*", "iam:UnTag*"], **when("ForAllValues:StringNotLike", "aws:TagKeys", ["key1*", "key2*"]))),
        asks=(
            allowed(JOHN, "iam:TagUser", **tags("key1:legal")), allowed(JOHN, "iam:TagUser", **tags("key1:hr", "key1:personnel")), allowed(JOHN, "iam:TagUser", **tags("key1:hr", "key2:audit")),
            denied(JOHN, "iam:TagUser", **tags("key3:legal")), denied(JOHN, "iam:TagUser", **tags()),
        ),
    ),
    Example(
        page=TAGS, title="ForAllValues with Null: not where the key is missing",
        identity=(EVERYTHING, deny(action=["iam:Tag*", "iam:UnTag*"], Condition={"Null": {"aws:TagKeys": "false"}, "ForAllValues:StringLike": {"aws:TagKeys": ["key1*", "key2*", "key3*"]}})),
        asks=(denied(JOHN, "iam:TagUser", **tags("key1:a", "key3:b")), allowed(JOHN, "iam:TagUser", **tags("key1:a", "other")), allowed(JOHN, "iam:TagUser", **tags())),
    ),
    Example(
        page=TAGS, title="ForAnyValue in a Deny", identity=(EVERYTHING, deny(action=["ec2:CreateSnapshot", "ec2:CreateSnapshots"], resource="arn:aws:ec2:us-west-2::snapshot/*", **when("ForAnyValue:StringEquals", "aws:TagKeys", "webserver"))),
        asks=tuple(
            verdict(JOHN, "ec2:CreateSnapshot", "arn:aws:ec2:us-west-2::snapshot/snap-1", **tags(*names))
            for verdict, names in ((denied, ["webserver"]), (denied, ["environment", "webserver", "test"]), (allowed, ["environment", "test"]), (allowed, []))
        ),
    ),
    Example(
        page="reference_policies_condition_examples-single-valued-context-keys", title="two statements with a condition each",
        identity=(
            allow(action="ec2:CreateVolume"), allow(action="ec2:CreateTags", resource="arn:aws:ec2:us-east-1:123456789012:volume/*", **when("StringLike", "aws:RequestTag/project", "*")),
            allow(action="ec2:CreateTags", resource="arn:aws:ec2:us-east-1:123456789012:*/*", **when("StringNotEquals", "aws:ResourceTag/environment", "production")),
        ),
        asks=(
            allowed(JOHN, "ec2:CreateVolume", "arn:aws:ec2:us-east-1:123456789012:volume/v"),
            allowed(JOHN, "ec2:CreateTags", "arn:aws:ec2:us-east-1:123456789012:volume/v", keys={"aws:RequestTag/project": "Feature3", "aws:ResourceTag/environment": "QA"}),
            silent(JOHN, "ec2:CreateTags", "arn:aws:ec2:us-east-1:123456789012:volume/v", keys={"aws:ResourceTag/environment": "production"}),
            allowed(JOHN, "ec2:CreateTags", "arn:aws:ec2:us-east-1:123456789012:volume/v", keys={"aws:RequestTag/project": "Feature3", "aws:ResourceTag/environment": "production"}),
        ),
        note="the guide says that both conditions must hold; they stand in two statements, and either allows, as its own rules for statements have it",
    ),
)  # fmt: skip
