"""Where the simulator differs from AWS, or does not know what AWS does: one table, so that a reader finds them.

`docs/differences.md` is written from it. Where AWS's answer is not on record, the simulator says the least that is
certainly true, and the row says so.
"""

from msgspec import Struct


class Difference(Struct, frozen=True):
    """operations: botocore's names, or "all". kind: `differs`, what is not as at AWS; `unknown`, what is not on record."""

    operations: str
    kind: str
    what: str
    here: str
    why: str


D = Difference
IMPORT, ROTATE, REPLICATE = "ImportKeyMaterial", "RotateKeyOnDemand", "ReplicateKey"
SIGNING = "Sign Verify"
ATTESTED = "Decrypt GenerateDataKey GenerateDataKeyPair GenerateRandom DeriveSharedSecret"
PAIRS = "GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext"

DIFFERENCES = (
    D("all", "differs", "hardware", "keys live in this process; what is stored is sealed under a key in a file beside the store", "there is no HSM here"),
    D("all", "differs", "time", "stands still until `sim.advance`; `kms-teach serve` follows the real clock", "so that ten years take a second"),
    D("all", "differs", "request quotas", "off; with `Simulator(quota=N)` the cryptographic operations of symmetric keys share N requests a second, all others are as at AWS", "AWS's own, 10,000 to 100,000 by Region, is more than a learner or a test can produce"),
    D("all", "differs", "a client in this process that is throttled", "waits on the simulator's clock, which moves by the whole time that botocore may wait, 1, 2, 4 … seconds; mode `adaptive` also sleeps", "nobody sleeps, and a notebook is the same on each run; botocore takes a random part of that time. Clients over HTTP wait really"),
    D("all", "unknown", "how a quota is counted", "a second's worth may be used at once, and comes back evenly", "AWS gives a number a second, and does not say how it is counted, or how sharply"),
    D("all", "unknown", "which requests count", "those that name a key that is there, and are not throttled, also with DryRun; before permission, use and state are looked at", "not on record"),
    D("ReEncrypt", "unknown", "from a key of one quota to a key of another", "one request of each", "not on record"),
    D("Encapsulate Decapsulate", "unknown", "their quota", "1,000 a second of their own", "not on record"),
    D(PAIRS, "unknown", "the quota of pairs of SM2, ML-DSA and ML-KEM", "100 a second for each spec, as of the curves", "not on record"),
    D("all", "differs", "a key that is changed too often at once, and a key store's busy cluster", "neither throttles", "AWS throttles both and names no number"),
    D("all", "unknown", "the event of a throttled call", "ThrottlingException in `errorCode`, the parameters, no resources", "that failed calls are logged `in some scenarios` is all AWS says"),
    D("all", "differs", "what takes its time at AWS", "is done at once; with `Simulator(slow=True)` in its time: [time.md](time.md) has each", "a program that creates and uses at once must work, as it does at AWS in most runs"),
    D("all", "differs", "the trail in memory", "keeps the newest 10,000 records, or as many as `keep` says, and 64 MiB of them at most, and `trail.begins` tells which is the oldest; a file keeps all unless told", "memory ends; AWS's own history of events ends after 90 days"),
    D("all", "differs", "a long value in an error's message", "of more than 500 characters its middle is left out; a message has 1,999 at most", "AWS repeats a value whole; here everybody who reads the trail reads it too"),
    D("all", "differs", "TLS in the trail", "calls travel without TLS; a client made with `key_exchange` shows `tlsDetails` as a hybrid or a classical handshake leaves it", "in this process there is no connection to protect"),
    D("all", "unknown", "tlsDetails of a handshake that is not hybrid", "`keyExchange` has the group's name in IANA's registry", "AWS's example has X25519MLKEM768, no other is on record"),
    D("all", "unknown", "a body of the wrong JSON type", "SerializationException without a message", "AWS names the type in words that are not on record"),
    D("Encrypt Decrypt ReEncrypt GenerateDataKey", "differs", "layout of a symmetric ciphertext", "our own, 81 bytes more than the plaintext; the first five bytes as seen from AWS", "AWS publishes no layout and may change its own"),
    D(ATTESTED, "differs", "Recipient", "documents of pretended enclaves (`sim.enclave`), under a test root of the simulator's own", "AWS's root signs for AWS's hardware only"),
    D(ATTESTED, "differs", "documents of a NitroTPM", "refused", "there is no TPM here"),
    D(ATTESTED, "differs", "CiphertextForRecipient", "DER; AWS writes the same structure in BER of indefinite length", "every reader of BER reads DER"),
    D(ATTESTED, "unknown", "a document that does not verify, or has no RSA key of 2048 to 4096 bits", "ValidationException without a message, before permission is asked for", "the code is recorded from AWS, its words and the exact place are not"),
    D(ATTESTED, "unknown", "Plaintext, SharedSecret or PrivateKeyPlaintext beside CiphertextForRecipient", "absent", "AWS says null or empty"),
    D("Decrypt ReEncrypt", "unknown", "an RSA algorithm, or IGNORE_CIPHERTEXT, without a key id", "ValidationException `KeyId must not be null`", "seen in other emulators only"),
    D("CreateKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext", "differs", "ML_KEM_512", "UnsupportedOperationException", "pyca/cryptography 50 has ML-KEM-768 and 1024 only, and no primitive is written by hand"),
    D("CreateKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext", "differs", "ML_DSA_* and ML_KEM_* with an older pyca/cryptography", "UnsupportedOperationException; 47 has neither, 48 has no EXTERNAL_MU", "no primitive is written by hand"),
    D("CreateKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext", "differs", "SM2", "refused as a Region without it, in our words", "AWS has it in China Regions only"),
    D(SIGNING, "differs", "ED25519_PH_SHA_512", "listed and checked, then UnsupportedOperationException", "pyca/cryptography 50 has no Ed25519ph"),
    D(SIGNING, "unknown", "EXTERNAL_MU with another key spec, or not of 64 bytes", "the words of the like case", "not on record"),
    D("Verify", "unknown", "a PSS signature with another salt length", "refused", "not on record"),
    D("GetPublicKey", "unknown", "of a symmetric or HMAC key", "UnsupportedOperationException, our words", "not on record"),
    D("GenerateDataKey GenerateDataKeyWithoutPlaintext", "unknown", "neither or both sizes", "checked after usage and state", "another emulator checks it before"),
    D(PAIRS, "unknown", "under an asymmetric key", "the data key's words", "not on record for pairs"),
    D("GetParametersForImport", "unknown", "combinations that do not fit", "UnsupportedOperationException, our words", "words are not on record"),
    D("GetParametersForImport", "unknown", "RSA_AES_KEY_WRAP for symmetric or HMAC material", "refused", "the model says for RSA and ECC; AWS may be laxer"),
    D("CreateKey", "unknown", "ML-DSA and ML-KEM with Origin EXTERNAL", "ValidationException in AWS's words", "the words are recorded for ML-DSA, the code is not; of ML-KEM nothing is"),
    D("GetParametersForImport", "unknown", "Ed25519 with Origin EXTERNAL", "refused here, accepted by CreateKey", "whether AWS imports it is not on record"),
    D("GetParametersForImport", "differs", "import token", "our own format, usable again within its 24 hours", "AWS publishes no format"),
    D(IMPORT, "unknown", "words of IncorrectKeyMaterial-, InvalidImportToken- and ExpiredImportTokenException", "none", "not on record"),
    D(IMPORT, "unknown", "parameters that do not fit each other", "ValidationException, our words", "words are not on record"),
    D(IMPORT, "unknown", "NEW on a replica", "UnsupportedOperationException in the words of ReplicateKey", "the refusal is documented, its words are not"),
    D(IMPORT, "unknown", "order of the checks", "expiry, token, its age, unwrapping", "not on record"),
    D("DeleteImportedKeyMaterial", "unknown", "nothing was ever imported; an unknown KeyMaterialId", "an empty id; NotFoundException in our words", "not on record"),
    D("CancelKeyDeletion", "unknown", "imported material went missing meanwhile", "PendingImport", "the guide says only Disabled"),
    D("EnableKeyRotation DisableKeyRotation RotateKeyOnDemand", "unknown", "on a replica", "refused in the words of ReplicateKey", "words are not on record"),
    D(ROTATE, "unknown", "a second one while one is in progress", "ConflictException in our words", "not on record"),
    D(ROTATE, "unknown", "its imported material is deleted while it is in progress", "the rotation comes to nothing", "not on record"),
    D("GetKeyRotationStatus", "unknown", "of a replica while its primary rotates on demand", "shows OnDemandRotationStartDate too", "not on record"),
    D(ROTATE, "unknown", "words of ConflictException", "our words", "not on record"),
    D("ListKeyRotations", "unknown", "members of imported material", "ExpirationModel and ValidTo while it is present", "by analogy with KeyMetadata"),
    D("GetKeyRotationStatus", "unknown", "form of KeyId", "the ARN", "documentation and emulators disagree"),
    D(REPLICATE, "unknown", "the Region of the primary itself", "ValidationException in AWS's words", "the words are recorded, the code is not"),
    D("CreateAlias UpdateAlias DeleteAlias", "unknown", "alias/aws/…", "NotAuthorizedException in AWS's words", "the words are recorded, the code was seen in other emulators only"),
    D("UpdateAlias", "unknown", "a key of another type and the same usage", "ValidationException in our words", "the model says that it is refused"),
    D("GetKeyRotationStatus", "unknown", "of a key with imported material", "KeyRotationEnabled false", "sources disagree; a refusal would hide OnDemandRotationStartDate"),
    D("EnableKeyRotation DisableKeyRotation RotateKeyOnDemand", "unknown", "a key that is both disabled and of imported material or in a key store", "its state is told first", "recorded for a disabled RSA key"),
    D("all", "unknown", "errorCode of a denial in the trail", "AccessDenied", "so it stands in public events of 2019 and 2021; the API says AccessDeniedException"),
    D(REPLICATE, "unknown", "a Region that has one; a single-Region key; an odd Region", "AlreadyExists-, UnsupportedOperation- and ValidationException, partly in our words", "not all words are on record"),
    D("UpdatePrimaryRegion", "unknown", "no replica there; already the primary", "NotFoundException; UnsupportedOperationException in our words", "not on record"),
    D("CreateCustomKeyStore ConnectCustomKeyStore UpdateCustomKeyStore", "differs", "what stands behind a store", "a pretended cluster or key manager (`sim.key_store`); its keys are made and used by the simulator's own HSM", "there is no cluster here"),
    D("DisconnectCustomKeyStore", "differs", "DISCONNECTING", "is never seen", "AWS does not say how long it lasts"),
    D("ListAliases ListGrants ListRetirableGrants", "unknown", "a change that still spreads (`slow=True`)", "is listed at once", "AWS says that the API may show a change before it decides, of tags and aliases"),
    D("Encrypt Decrypt GenerateDataKey", "unknown", "what stands behind a key store does not answer", "KMSInvalidStateException in our words", "AWS's words depend on the trouble"),
    D("CreateGrant", "unknown", "operations, principals or constraints that do not fit", "ValidationException and InvalidArnException, our words", "words are not on record"),
    D("RetireGrant RevokeGrant ListGrants", "unknown", "unknown grant ids and tokens", "InvalidGrantId-, InvalidGrantToken- and NotFoundException, partly in our words", "words are not on record"),
    D("GetKeyPolicy ListKeys", "differs", "keys shared through AWS RAM", "`sim.share(key, account)` stands in for a resource share that was accepted", "there is no AWS RAM here"),
    D("GetKeyPolicy", "unknown", "text of the AWS_RAM key policy, and which operations it allows", "one statement: the cryptographic operations, DescribeKey and GetPublicKey, to the accounts; their IAM policies decide beside it", "RAM's managed permission for keys is not on record"),
    D("ListKeys", "unknown", "a marker that is used with other ResourceOwners", "InvalidMarkerException", "AWS says that the request can fail so"),
    D("CreateGrant ListGrants ListRetirableGrants", "unknown", "a principal and a service principal in one request", "ValidationException in our words", "the model says either, but not both; code and words are not on record"),
    D("ListGrants ListRetirableGrants", "unknown", "a filter by service principal, asked by somebody else", "AccessDeniedException in our words", "the model says that only that service can use it; code and words are not on record"),
    D("ReEncrypt", "unknown", "grants of both keys that are for different sources", "AccessDeniedException, as if the grant on the destination key were not there", "the model says that they must be for the same"),
    D("CreateGrant CreateKey PutKeyPolicy", "unknown", "a federated user, an account or a service that does not exist", "taken, if it is well-formed", "GetFederationToken may name anybody; which accounts and services there are is known to AWS alone"),
    D("CreateGrant", "unknown", "a principal whose ARN is broken, a group, a unique id, a bare account number", "InvalidArnException in the words for the ARN of nobody", "recorded for users, roles and sessions that do not exist"),
    D("CreateKey PutKeyPolicy ReplicateKey", "unknown", "a key policy that cannot be read: words and order", "MalformedPolicyDocumentException in our words, the first fault in the text; no principal, invalid principals and a broken ARN in AWS's words", "other words are not on record; IAM's are, and identity and trust policies have them"),
    D("CreateKey PutKeyPolicy ReplicateKey", "unknown", "a wildcard in the service part of an action, a second colon", "refused, in IAM's words", "on record for IAM only"),
    D("all", "unknown", "`*:*` as an action", "taken, as `*`", "on record are only refusals of a wildcard before a name"),
    D("all", "unknown", "AccessDeniedException since 2026", "the words that are on record; `decision.in_aws_order` has the steps in the order of AWS's authorization details (RCP, SCP, endpoint, resource, principal, boundary, session)", "AWS adds the ARN of the policy that denies and, in preview, an authorization id; no such message of KMS was found"),
    D("ListAliases", "differs", "aliases of AWS managed keys", "listed from the first use of the key on; AWS lists some before, without a TargetKeyId", "which services it lists varies by account"),
    D("GetKeyLastUsage", "differs", "TrackingStartDate", "23 Apr 2026, or the day the key was made if that is later; uses before it count too", "the simulator's clock may be set before that day"),
    D("ScheduleKeyDeletion", "differs", "the day of deletion", "on the second; AWS may take up to 24 hours longer", "the guide says so"),
    D("all", "differs", "STS", "AssumeRole, GetSessionToken, GetCallerIdentity and GetAccessKeyInfo; the others are refused by name", "federation and MFA devices are not here"),
    D("all", "differs", "STS: ProvidedContexts, MinimumSessionTokenSize", "refused by name", "there is no context provider here, and no token of a size"),
    D("all", "unknown", "STS AssumeRole: order of the checks", "model, ARN, root user, tags, session policies, their size, MFA, an hour for a chain, source identity, permission, MaxSessionDuration", "only their words are on record"),
    D("all", "unknown", "STS AssumeRole: more than 10 policies, too long a policy, a policy that is not there", "ValidationError in words of like cases", "not on record"),
    D("all", "unknown", "STS AssumeRole: packed size of policies and tags", "percent of 2,048 bytes once deflated", "AWS does not publish its format"),
    D("all", "unknown", "STS AssumeRole: code of a source identity that would change", "InvalidParameterValue; the words are AWS's", "only the words are on record"),
    D("all", "unknown", "STS GetAccessKeyInfo of a key that nobody gave out", "ValidationError in our words", "not on record"),
    D("all", "differs", "STS over HTTP, from a simulator whose time is past", "Expiration is by the simulator's clock, and clients that refresh credentials take them as expired", "time stands still here; `kms-teach serve` follows the real clock"),
)  # fmt: skip
