"""Where S3 here differs from AWS's, or where AWS's answer is not on record: rows as those of KMS."""

from kms_teach.operations.differences import Difference

D = Difference

WRITES = "PutObject CopyObject CreateMultipartUpload"
ALL_WRITES = f"{WRITES} UploadPart UploadPartCopy CompleteMultipartUpload"
READS = "GetObject HeadObject"
ON_OBJECTS = f"{ALL_WRITES} {READS} DeleteObject DeleteObjects UpdateObjectEncryption AbortMultipartUpload"
VERSIONED = f"{READS} DeleteObject DeleteObjects CopyObject UpdateObjectEncryption"
SETTING_ENCRYPTION = "PutBucketEncryption GetBucketEncryption DeleteBucketEncryption"
POLICY = "PutBucketPolicy GetBucketPolicyStatus"

DIFFERENCES = (
    D("all", "differs", "every other operation of S3", "NotImplemented, by name", "what bears on no key is not simulated"),
    D(VERSIONED, "differs", "versioning", "NotImplemented where a version is named; an object that is replaced or deleted is gone", "a key's story does not need it"),
    D("CreateBucket PutObject CopyObject CreateMultipartUpload", "differs", "ACLs, object lock, tags, storage classes but STANDARD, websites", "NotImplemented, by name", "none bears on a key; ACLs are off in every bucket since April 2023"),
    D("all", "differs", "a caller who has not signed", "403 AccessDenied, also where a bucket policy allows everyone", "there is no anonymous caller here; Block Public Access is on in every new bucket"),
    D("all", "differs", "SSE-KMS and SSE-C over plain HTTP", "answered", "AWS wants TLS; a server on the loopback address has none"),
    D("all", "differs", "a request that is signed for another Region than the bucket's", "answered as in the bucket's own", "AWS redirects, and boto3 follows"),
    D("all", "differs", "addresses", "`/bucket/key`, and `bucket.localhost`; with --name, the path alone", "no other name leads to a server on this machine"),
    D("all", "differs", "bodies in chunks that are signed one by one", "NotImplemented, by name", "today's SDKs send unsigned chunks with a trailer"),
    D(ON_OBJECTS, "differs", "data events", "in the trail, with `managementEvent` false", "AWS logs them only where a trail asks for them"),
    D("all", "differs", "requestParameters of an event", "the members that bear on encryption, by the names of their headers; a bucket policy as text", "AWS writes all of them, and a policy as an object"),
    D("all", "differs", "status of InternalError (a full disk, a damaged file) and of NotImplemented", "400 and 501", "AWS answers 500; here no client is to repeat the call"),
    D("PutObject CopyObject", "differs", "a checksum where none was sent", "none is computed or kept", "AWS computes CRC64NVME, which Python's library does not have; one that is sent is verified, slowly"),
    D(ALL_WRITES, "differs", "checksums of the XXHASH family and MD5", "NotImplemented, by name", "Python's library has no XXHASH, and nothing is gained by more"),
    D("CompleteMultipartUpload", "differs", "a FULL_OBJECT checksum of an upload in parts", "kept as it was sent, and not verified", "the parts are not read again"),
    D("all", "differs", "the ETag of a multipart object", "MD5 of the parts' ETags", "as recorded for SSE-S3; under KMS the parts' ETags are random here"),
    D("ListBuckets", "differs", "Owner", "the account's number", "AWS shows a canonical user id, which nothing here uses"),
    D("ListMultipartUploads", "differs", "pages", "all on one", "nobody here has more than a thousand uploads under way"),
    D(f"{POLICY} PutPublicAccessBlock", "differs", "what counts as a public policy", "one that allows everyone under no condition", "AWS also weighs conditions"),
    D("all", "differs", "condition keys", "s3: those of encryption headers, copy source, lists, conditional requests, signature, storage class, ACL, account", "others bear on what is not simulated"),
    D("PutBucketReplication", "differs", "versioning, iam:PassRole", "neither is asked for", "AWS replicates between versioned buckets only; see versioning"),
    D("PutBucketReplication", "differs", "when it is done", "with the put itself; one attempt", "AWS takes minutes, and tries again for a day"),
    D("PutBucketReplication", "differs", "objects of before, deletions, metrics, owners of replicas", "NotImplemented where a rule names them", "new objects show keys in two Regions"),
    D("PutBucketPolicy", "differs", "an action that S3 does not know", "refused where it is another service's, or the name of an operation; other names are not looked up", "Policy has invalid action"),
    D("PutBucketReplication", "unknown", "what the trail shows of the calls to KMS", "the role's session `s3-replication`, invoked by s3.amazonaws.com", "not on record"),
    D("PutBucketReplication", "unknown", "its errors, in words", "InvalidRequest in ours", "not on record"),
    D("all", "unknown", "how long a bucket key is used", "five minutes of the simulator's clock, for each requester and KMS key", "AWS says that it is time-limited, and no more"),
    D("all", "unknown", "a context of the request beside a bucket key", "kept and shown, and not given to KMS, whose context is the bucket's ARN alone", "not on record"),
    D("UpdateObjectEncryption", "unknown", "the calls to KMS", "Decrypt with the old key, Encrypt with the new (with a bucket key, GenerateDataKey)", "AWS names the permissions, Encrypt, Decrypt, GenerateDataKey and ReEncrypt*, and not the calls"),
    D("UpdateObjectEncryption", "unknown", "an object by DSSE-KMS or SSE-C, in words", "InvalidRequest in ours", "the code is documented, its words are not on record"),
    D(f"{WRITES} GetObject", "unknown", "the calls to KMS of DSSE-KMS", "one GenerateDataKey and one Decrypt; the second layer is under S3's own key", "not on record"),
    D("CopyObject CreateMultipartUpload", "unknown", "the encryption context", "the object's ARN, as for PutObject", "not on record"),
    D("UploadPart UploadPartCopy", "unknown", "calls to KMS for each part", "one Decrypt, unless a bucket key is held", "AWS says that a part needs kms:Decrypt, not how often it is asked"),
    D("HeadObject", "unknown", "an object whose key is disabled", "answered; with ChecksumMode, KMS's error as status 400", "not on record"),
    D("PutObject", "unknown", "a key that is pending deletion", "KMS.KMSInvalidStateException, as for GetObject", "recorded for GetObject only"),
    D(WRITES, "unknown", "`aws:kms` without a key in a bucket whose default names one", "alias/aws/s3", "AWS's guides differ"),
    D(WRITES, "unknown", "SSEKMSEncryptionContext of an answer", "as the request gave it", "not on record"),
    D(ALL_WRITES, "unknown", "SSE-C where it is blocked, in words", "AccessDenied, `Access Denied`", "the code is documented, its words are not on record"),
    D(SETTING_ENCRYPTION, "unknown", "blocked types, after a rule without a word of them", "they stay", "not on record"),
    D(SETTING_ENCRYPTION, "unknown", "no type is blocked", "`NONE`", "not on record"),
    D("PutBucketPolicy", "unknown", "faults of a policy but those of principals, actions and resources, in words", "MalformedPolicy in ours, with what is wrong as Detail", "not on record"),
    D("PutBucketPolicy", "unknown", "a policy that Block Public Access prevents, in words", "AccessDenied that names the setting", "the exact words are not on record"),
    D("all", "unknown", "aws:CalledVia in a call to KMS", "absent; aws:ViaAWSService and kms:ViaService are there", "the guide's list of services does not have S3"),
    D("all", "unknown", "the order of what is checked", "signature, permission of S3, whether it is there, conditions, KMS, the bytes", "not on record as a whole"),
    D("GetObject", "unknown", "an object that is replaced while it is read", "its bytes to the end; of one uploaded in parts, an error where a part is gone", "AWS reads the older to the end"),
)  # fmt: skip
