"""By hand, from AWS's documents: how many bytes fit, and what mends which error."""

from tests.questions import matched, right, seeds

LARGEST = (  # bytes; the longest words first, since one begins as another does
    ("base64, and that in base64", "2,304"), ("base64", "3,072"), ("hexadecimal", "2,048"), ("as it is", "4,096"),
)  # fmt: skip
MENDS = {
    "`DisabledException`": "somebody calls `EnableKey`",
    "`AccessDeniedException`": "an IAM policy of the caller allows `kms:Decrypt`",
    "`IncorrectKeyException`": "the call names no `KeyId`",
    "`InvalidCiphertextException`": "the call gives the pairs of `Encrypt`",
    "`NotFoundException`": "the call goes to the Region of the key",
}


def test_the_limit_counts_the_bytes_of_the_parameter():
    for question in seeds("written-before-it-is-sent"):
        assert right(question) == [next(size for words, size in LARGEST if words in question.words)]


def test_each_error_is_mended_by_what_its_page_says():
    for question in seeds("what-mends-it"):
        assert matched(question) == {option: MENDS[option] for option in question.options}
