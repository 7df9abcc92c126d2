"""What a KMS key is: an id, a policy and a state over material that only the HSM can open."""
