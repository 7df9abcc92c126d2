"""Chapter 12, Watching, counting, paying: who used this key, and what does it cost?"""
