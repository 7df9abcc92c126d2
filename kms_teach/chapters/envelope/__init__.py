"""Chapter 03, Envelope encryption: how is a gigabyte encrypted with 4 KB?"""
