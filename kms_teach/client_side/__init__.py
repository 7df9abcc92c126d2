"""What a program does on its own side: an envelope by hand, an enclave, a partner, key material to be imported."""
