"""The predictions of "S3, a key for every object"."""

from kms_teach.teaching.prediction import Prediction

PHOTO, CIPHERTEXT, BY_S3, BY_KMS = (
    "the photo", "the photo's ciphertext", "403, which names s3:GetObject", "403, which names kms:Decrypt",
)  # fmt: skip
NO_DECRYPT = Prediction(
    "bob's IAM policy allows `s3:GetObject` on everything, and says nothing of KMS. What does his `GetObject` answer?",
    {
        PHOTO: "S3 has the object, and bob may get it. What S3 does not have in the clear is the data key.",
        CIPHERTEXT: "S3 decrypts, or refuses. It never hands out what it stores.",
        BY_S3: "S3's own question was answered with yes: his IAM policy allows it.",
        BY_KMS: "S3 said yes, and asked KMS to decrypt the data key for bob. The no came from there.",
    },
    tells=("kms:Decrypt is missing", "bob may not decrypt", "may not kms:Decrypt"),
)
CALLS = Prediction(
    "A program stores 200 objects and reads each once, all within a minute. The bucket key is on. How many calls does "
    "S3 send to KMS?",
    {
        "400": "One for each PUT and one for each GET: that is without a bucket key.",
        "200": "Reading asks KMS too, where it asks at all.",
        "2": "One GenerateDataKey for the writes, one Decrypt for the reads. Each object has its own data key.",
        "0": "A bucket key comes from KMS, and S3 must have it decrypted before it can read.",
    },
    tells=("2 calls", "400 to 2", "more objects make no more calls"),
)
STILL, DISABLED, DENIED = "the photo, as before", "KMS.DisabledException", "AccessDenied"
SWITCHED_OFF = Prediction(
    "The bucket key is on, and alice has just read the photo. You disable the KMS key. She reads it again at once. "
    "What comes back?",
    {
        STILL: "S3 still held the bucket key, and did not ask KMS. What KMS would have said, nobody heard.",
        DISABLED: "So it is once S3 asks KMS again. It did not ask.",
        DENIED: "A disabled key is no question of permission, here or later.",
    },
    tells=("did not ask KMS", "still held", "bites later"),
)
