"""A stand-in for pyca's package where its wheel cannot be had: the names that kms_teach imports, and no more.

In Node, Node's own crypto does the work. In a browser there is AES, hashing, HMAC and their derivation, in Python, and
no key pair. For tests alone: nothing here is constant in time, and private keys lie about as bytes.
"""
