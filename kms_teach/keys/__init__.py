"""This is what a KMS key is: a name, a policy and a state over material that only the HSM can open."""
