"""kms_teach: a small AWS KMS made of glass, that answers the real clients, to learn from."""

from kms_teach.simulator import Simulator

__all__ = ["Simulator"]
