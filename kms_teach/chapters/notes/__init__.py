"""Chapter 13, What the notes say: which sentence on my cram sheet is wrong today?"""
