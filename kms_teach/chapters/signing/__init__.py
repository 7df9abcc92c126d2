"""Chapter 10, Signing, MACs, agreement, post-quantum: what can I check without asking KMS?"""
