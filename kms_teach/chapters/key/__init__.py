"""What a KMS key is: what you hold of it, where its key material lies, and which of the three kinds it is."""
