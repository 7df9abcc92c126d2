"""By hand, from the S3 User Guide: how objects are encrypted and copied, and what each request needs."""

import pytest

from tests.questions import matched, of_its_situation, right, seeds

WISHES = {  # words of the question: words of the right option
    "by one call, and give them back": "customer managed key",
    "no bill may show": "SSE-S3",
    "no key policy that somebody could edit": "`aws/s3`",
    "AWS must keep none": "SSE-C",
}
CODES = {
    "disabled": "`KMS.DisabledException`", "deletion": "`KMS.KMSInvalidStateException`", "may not": "`AccessDenied`",
    "nobody has": "`KMS.NotFoundException`",
}  # fmt: skip
NEEDED = ("`SseKmsEncryptedObjects`", "`ReplicaKmsKeyID`", "the role may `kms:Decrypt` with the key of the source",
          "the role may `kms:Encrypt`")  # fmt: skip


def first(table, words):
    return next(value for part, value in table.items() if part in words)


def test_the_rule_decides_which_encryption_it_is():
    for question in seeds("encryption-to-choose"):
        assert first(WISHES, question.words) in right(question)[0]


def test_a_header_counts_before_the_default_of_the_bucket():
    for question in seeds("header-or-default"):
        default = question.words.split(" is ")[1].split(".")[0]
        by_header = {"`AES256`": "SSE-S3", "`aws:kms`": "SSE-KMS", "`aws:kms:dsse`": "DSSE-KMS"}
        for way, how in matched(question).items():
            assert how == (default if way == "no header" else by_header[way.split()[-1]])


def test_a_copy_is_encrypted_as_its_request_says_and_else_as_its_new_bucket_does():
    for question in seeds("copy-lands-under"):
        words = question.words
        under = (
            "Red" if "names SSE-KMS" in words else "Blue" if "the key Blue" in words
            else "`aws/s3`" if "without a key of yours" in words else "a key of S3"
        )  # fmt: skip
        assert under in right(question)[0]


def test_a_bucket_key_is_asked_for_once_by_each_role():
    for question in seeds("requests-to-kms"):
        objects, roles = (int(question.words.split(start)[1].split()[0]) for start in ("puts ", "same minute "))
        assert right(question) == [str(roles + 1 if "with a bucket key" in question.words else objects * (roles + 1))]


def test_a_condition_sees_the_header_and_never_the_default():
    for question in seeds("denied-by-its-header"):
        expected = {"with the header for SSE-KMS", "with that for SSE-KMS, and a key's ARN"}
        if "Null" in question.words:
            expected.add("with no such header")
        assert set(right(question)) == expected


def test_new_objects_need_a_data_key_and_old_ones_need_it_opened():
    for question in seeds("permission-that-is-missing", 12):
        both = {"`kms:GenerateDataKey`", "`kms:Decrypt`"}
        asked = {"80 KB": {"`kms:GenerateDataKey`"}, "downloads": {"`kms:Decrypt`"}, "": both}
        has = {action for action in both if action in question.words}
        assert set(right(question)) == of_its_situation(question, asked) - has


def test_a_customers_key_is_blocked_for_writing_and_needed_for_reading():
    for question in seeds("customers-key-refused"):
        assert right(question)[0].startswith("allow SSE-C again" if "403" in question.words else "send the customer")


def test_errors_of_kms_come_through_with_their_code_and_a_no_as_403():
    for question in seeds("error-through-s3"):
        assert all(code == first(CODES, cause) for cause, code in matched(question).items())


def test_a_bucket_key_that_was_just_used_outlives_its_kms_key_for_a_while():
    for question in seeds("switched-off-a-moment-ago"):
        reader = question.words.split("; role ")[1][0]
        with_one = "with a bucket key" in question.words
        assert right(question) == [f"role {reader}" if with_one else "neither of them"]


def test_both_accounts_say_yes_for_s3_and_for_kms():
    for question in seeds("needed-by-a-neighbour"):
        actions = ("`s3:GetObject`", "`kms:Decrypt`") if " reads " in question.words else (
            "`s3:PutObject`", "`kms:GenerateDataKey`")  # fmt: skip
        assert set(right(question)) == {
            f"{place} that allows it {action}" for place, action in (
                ("a bucket policy", actions[0]), ("an IAM policy there", actions[0]), ("a key policy", actions[1]),
                ("an IAM policy there", actions[1]),
            )
        }  # fmt: skip


def test_a_rule_names_a_key_and_its_role_opens_here_and_encrypts_there():
    for question in seeds("replicas-under-kms"):
        assert set(right(question)) == {option for option in question.options if option.startswith(NEEDED)}


def test_an_object_by_sse_s3_or_sse_kms_moves_without_a_copy_to_a_key_of_the_buckets_account():
    for question in seeds("moved-without-a-copy"):
        moves = {option for option in question.options if "account" not in option and "SSE-C" not in option}
        assert set(right(question)) == {option for option in moves if "DSSE" not in option}


@pytest.mark.parametrize("name", ["encryption-to-choose", "copy-lands-under", "permission-that-is-missing"])
def test_the_right_answer_changes_with_the_seed(name):
    assert len({right(question)[0] for question in seeds(name)}) > 1
