"""Chapter 02, Encrypt, and the 4 KB limit: why can't I encrypt my photo?"""
