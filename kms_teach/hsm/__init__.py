"""The boundary: plaintext key material of KMS keys exists in this folder and nowhere else."""
