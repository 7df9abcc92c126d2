"""What each claim's run must come to, by hand from AWS's documents."""

import pytest

from kms_teach import Simulator
from kms_teach.chapters.notes.pasted import claims
from kms_teach.inspect.claim import Finding

EXPECTED = {
    # KMS Developer Guide, "Rotate AWS KMS keys", "Resource quotas", document history; AWS API changes of 12 Apr 2024
    "managed-three-years": "true until May 2022",
    "managed-every-year": "true since May 2022",
    "customer-every-year": "true until 12 Apr 2024, today it depends",
    "period-of-your-choice": "true since 12 Apr 2024",
    "owned-varies": "true",
    "every-key-rotates": "depends",
    "asymmetric-rotate": "never true",
    "rotation-reencrypts": "never true",
    "old-material-stays": "true",
    "rotation-keeps-data": "true",
    "asymmetric-not-automatic": "true",
    "rotation-cuts-off": "never true",
    "on-demand-new-key": "never true",
    "imported-new-key": "true until 5 Jun 2025",
    "ten-on-demand": "true until 16 Feb 2026",
    "on-demand-moves": "never true",
    # the guide's chapters on keys, Regions, aliases; its document history, and that of the Encryption SDK's guide
    "master-key": "true until 30 Aug 2021, today it depends",
    "fips-level-2": "true until May 2023",
    "fips-140-2": "true until late 2024",
    "never-leave": "depends",
    "sealed-on-disk": "true",
    "one-region": "true until Jun 2021, today it depends",
    "one-global-key": "never true",
    "any-replicates": "depends",
    "same-bytes": "never true",
    "public-endpoint": "true until 22 Jan 2018",
    "two-kinds": "true since 25 Nov 2019",
    "symmetric-only": "true until 25 Nov 2019",
    "encrypt-or-sign": "true until Apr 2022",
    "view-not-manage": "true",
    "alias-per-region": "true",
    "alias-everywhere": "never true",
    # API Reference: Encrypt, Decrypt, GenerateDataKey; "Encryption context"; S3 User Guide
    "four-kb": "depends",
    "big-data": "never true",
    "discards": "never true",
    "key-per-object": "true until Dec 2020, today it depends",
    "plain-by-default": "true until 5 Jan 2023",
    "key-id-needed": "depends",
    "clear-error": "never true",
    "secret-context": "never true",
    "context-with-rsa": "never true",
    "reads-the-sdk": "never true",
    # "Key policies", "Grants", S3 User Guide, "SSE-KMS"
    "told-to-trust": "true",
    "admin-uses-all": "never true",
    "root-is-everyone": "never true",
    "root-is-root": "never true",
    "creator-always": "never true",
    "root-always": "never true",
    "alias-in-resource": "never true",
    "one-side": "never true",
    "managed-abroad": "never true",
    "managed-stay-home": "true",
    "bucket-policy-enough": "never true",
    "grant-at-once": "depends",
    "revoked-at-once": "never true",
    "grants-no-service": "true until May 2026",
    "no-ram": "true until 16 Nov 2026",
    # "Deleting AWS KMS keys", "Key states", "Importing key material"; AWS KMS pricing; the exam guide of SCS-C03
    "waiting-period": "true",
    "deleted-now": "never true",
    "not-at-once": "true",
    "dies-alone": "never true",
    "alias-freed": "never true",
    "cancelled-restores": "never true",
    "disable-stops-all": "depends",
    "imported-symmetric": "true until Jun 2023",
    "no-last-use": "true until 27 Apr 2026",
    "not-post-quantum": "true until 12 Jun 2025",
    "dollar-a-month": "true",
    "every-rotation-billed": "true until Apr 2024",
    "free-tier-rsa": "never true",
    "data-protection-32": "never true",
}
ON_RECORD = {  # no call of this simulator tells them
    "fips-level-2", "fips-140-2", "dollar-a-month", "every-rotation-billed", "free-tier-rsa", "data-protection-32",
}  # fmt: skip


def test_every_claim_is_here_once():
    names = [claim.id for claim in claims()]
    assert sorted(names) == sorted(EXPECTED)


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.id)
def test_the_run_comes_to_what_aws_documents(claim):
    finding = Finding.of(claim)
    assert finding.words == EXPECTED[claim.id]
    assert (finding.call is None) is (claim.id in ON_RECORD | {"context-with-rsa"})
    assert all(case.words and case.shown for case in finding.cases)
    assert claim.source
    assert not claim.fact[0].islower()
    assert claim.fact.endswith(".")


@pytest.mark.parametrize(("year", "rotations"), [(2019, 0), (2022, 1)])
def test_the_day_on_which_the_three_years_ended_is_the_simulator_s_too(year, rotations):
    with Simulator(start=f"{year}-06-01T00:00:00Z") as sim:
        kms, s3 = sim.client("kms"), sim.client("s3")
        s3.create_bucket(Bucket="an-old-bucket")
        s3.put_object(Bucket="an-old-bucket", Key="note", Body=b"x", ServerSideEncryption="aws:kms")
        sim.advance(days=366)
        key = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyId"]
        assert len(kms.list_key_rotations(KeyId=key)["Rotations"]) == rotations
