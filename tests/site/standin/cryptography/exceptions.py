"""What pyca raises."""


class UnsupportedAlgorithm(Exception):
    """Not here."""


class InvalidSignature(Exception):
    """A signature or MAC of something else."""


class InvalidTag(Exception):
    """A ciphertext that was changed, or of another key."""
