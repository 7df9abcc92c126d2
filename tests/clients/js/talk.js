// Everything a program in another language would do, said as one line of JSON for each step.
import { KMS, KMSClient, CreateKeyCommand, EncryptCommand, DecryptCommand, GenerateDataKeyCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { IAMClient, CreateUserCommand, CreateAccessKeyCommand } from "@aws-sdk/client-iam";
import { STSClient, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { KmsKeyringNode, buildClient, getClient, CommitmentPolicy } from "@aws-crypto/client-node";

const endpoint = process.argv[2];
const how = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
const kms = new KMSClient(how);
const say = (step, fact) => console.log(JSON.stringify({ step, fact }));

say("caller", (await new STSClient(how).send(new GetCallerIdentityCommand({}))).Arn);
const iam = new IAMClient(how);
await iam.send(new CreateUserCommand({ UserName: "javascript" }));
const { AccessKey: theirs } = await iam.send(new CreateAccessKeyCommand({ UserName: "javascript" }));
const login = { accessKeyId: theirs.AccessKeyId, secretAccessKey: theirs.SecretAccessKey };
say("user", (await new STSClient({ ...how, credentials: login }).send(new GetCallerIdentityCommand({}))).Arn);
await iam.send(new CreateUserCommand({ UserName: "JavaScript" })).catch((error) => say("taken", error.name));
const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({ Description: "from JavaScript" }));
say("created", key.CreationDate instanceof Date && key.KeyState);
const sealed = await kms.send(new EncryptCommand({ KeyId: key.KeyId, Plaintext: Buffer.from("hello"), EncryptionContext: { a: "b" } }));
const opened = await kms.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: { a: "b" } }));
say("opened", Buffer.from(opened.Plaintext).toString());
say("data key", (await kms.send(new GenerateDataKeyCommand({ KeyId: key.KeyId, KeySpec: "AES_256" }))).Plaintext.length);
say("listed", (await kms.send(new ListKeysCommand({}))).Keys.some((k) => k.KeyId === key.KeyId));
await kms.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob })).catch((error) => say("refused", error.name));

const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
const keyring = new KmsKeyringNode({ generatorKeyId: key.Arn, clientProvider: getClient(KMS, how) });
const { result } = await encrypt(keyring, "hello", { encryptionContext: { purpose: "test" } });
say("encryption sdk", (await decrypt(keyring, result)).plaintext.toString());
