"""Chapter 05, Rotation: we rotated; can I still read last year?"""
