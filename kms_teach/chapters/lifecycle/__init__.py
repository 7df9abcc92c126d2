"""Chapter 11, Life and death of a key: I deleted it; is there anything to be done?"""
