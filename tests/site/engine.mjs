// What the stand-in for pyca's package asks of Node's own crypto. Keys come and go as DER, and are read each time.
import * as crypto from "node:crypto";

const RFC5649 = Buffer.from("a65959a6", "hex");
const TAG = 16; // bytes
const PAIRS = { rsa: "modulusLength", ec: "namedCurve" };

const open = (der, half) => half
  ? crypto.createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" })
  : crypto.createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
const padded = (key, how) => ({ key, ...({
  pkcs1: { padding: crypto.constants.RSA_PKCS1_PADDING },
  pss: { padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: crypto.constants.RSA_PSS_SALTLEN_DIGEST },
}[how]) });
const oaep = (key, oaepHash) => ({ key, padding: crypto.constants.RSA_PKCS1_OAEP_PADDING, oaepHash });
const through = (cipher, data) => Buffer.concat([cipher.update(data), cipher.final()]);
const gcm = (key) => `aes-${8 * key.length}-gcm`;

export const sealed = (key, nonce, data, more) => {
  const cipher = crypto.createCipheriv(gcm(key), key, nonce).setAAD(more);
  return Buffer.concat([through(cipher, data), cipher.getAuthTag()]);
};
export const opened = (key, nonce, data, more) => {
  const decipher = crypto.createDecipheriv(gcm(key), key, nonce).setAAD(more);
  return through(decipher.setAuthTag(data.subarray(-TAG)), data.subarray(0, -TAG));
};
export const encrypted = (name, key, start, data) =>
  through(crypto.createCipheriv(name, key, start).setAutoPadding(false), data);
export const decrypted = (name, key, start, data) =>
  through(crypto.createDecipheriv(name, key, start).setAutoPadding(false), data);
export const wrap = (key, data) => through(crypto.createCipheriv(`id-aes${8 * key.length}-wrap-pad`, key, RFC5649), data);
export const unwrap = (key, data) =>
  through(crypto.createDecipheriv(`id-aes${8 * key.length}-wrap-pad`, key, RFC5649), data);

export const generated = (kind, detail) =>
  crypto.generateKeyPairSync(kind, { [PAIRS[kind] ?? "unused"]: detail }).privateKey.export({ format: "der", type: "pkcs8" });
export const private_key = (der) => {
  for (const type of ["pkcs8", "sec1", "pkcs1"]) {
    try {
      const key = crypto.createPrivateKey({ key: Buffer.from(der), format: "der", type });
      return key.export({ format: "der", type: "pkcs8" });
    } catch { /* another form, then */ }
  }
  throw new Error("no private key");
};
export const public_key = (der) => open(der, 1).export({ format: "der", type: "spki" });
export const public_half = (der) => crypto.createPublicKey(open(der, 0)).export({ format: "der", type: "spki" });
export const kind = (der, half) => open(der, half).asymmetricKeyType;
export const size = (der, half) => open(der, half).asymmetricKeyDetails.modulusLength;
export const curve = (der, half) => open(der, half).asymmetricKeyDetails.namedCurve;
export const written = (der, half, form, format) => {
  const key = open(der, half);
  const type = form === "traditional" ? { rsa: "pkcs1", ec: "sec1" }[key.asymmetricKeyType] : form;
  return Buffer.from(key.export({ format, type }));
};
export const numbers = (der) => {
  const { d, x } = open(der, 0).export({ format: "jwk" });
  return Buffer.concat([Buffer.from(d, "base64url"), Buffer.from(x, "base64url")]);
};
export const signed = (der, data, how, hash) => crypto.sign(hash ?? null, data, padded(open(der, 0), how));
export const verified = (der, signature, data, how, hash) =>
  crypto.verify(hash ?? null, data, padded(open(der, 1), how), signature);
export const agreed = (der, peer) => crypto.diffieHellman({ privateKey: open(der, 0), publicKey: open(peer, 1) });
export const rsa_encrypted = (der, data, hash) => crypto.publicEncrypt(oaep(open(der, 1), hash), data);
export const rsa_decrypted = (der, data, hash) => crypto.privateDecrypt(oaep(open(der, 0), hash), data);
