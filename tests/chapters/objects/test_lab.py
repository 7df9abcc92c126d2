"""The lab of chapter 04: each press is followed by a GET, and the line tells what it meant."""

from kms_teach.chapters.objects.objects_lab import AWS_S3, DISABLED, ENABLED, PENDING, SSE_S3, ObjectsLab


def test_at_first_the_reader_has_the_photo_and_kms_was_asked_twice(sim):
    lab = ObjectsLab(sim)
    assert lab.status == "Read. 1.jpg is stored. mira has the photo. S3 has asked KMS 2 times so far."
    assert lab.picture.title == "mira was let in twice: by S3, by KMS"


def test_a_reader_without_decrypt_reads_what_s3_or_aws_manages(sim):
    lab = ObjectsLab(sim)
    lab.decrypts.value = False
    assert "What is missing is kms:Decrypt" in lab.status
    lab.encryption.value = AWS_S3  # its key policy lets in whoever of the account comes through S3
    assert lab.status.startswith("Read. 2.jpg")
    lab.encryption.value = SSE_S3
    assert lab.picture.title == "KMS was not asked: S3 had what it needed"
    lab.gets.value = False
    assert "S3 said no, and did not ask KMS" in lab.status


def test_behind_a_bucket_key_a_switched_off_key_bites_later(sim):
    lab = ObjectsLab(sim)
    lab.bucket_key.value = True
    lab.state.value = DISABLED
    assert "S3 still holds the bucket key" in lab.status
    lab.wait.click()
    assert lab.status.startswith("Refused. `KMS.DisabledException`. Nobody's permission is missing")
    lab.state.value = PENDING
    assert "KMS.KMSInvalidStateException" in lab.status
    lab.upload.click()
    assert lab.status.startswith("Refused.")
    lab.state.value = ENABLED
    assert lab.status.startswith("Read. mira has the photo.")


def test_two_labs_in_one_simulator_do_not_disturb_each_other(sim):
    ObjectsLab(sim).gets.value = False
    assert ObjectsLab(sim).status.startswith("Read.")
