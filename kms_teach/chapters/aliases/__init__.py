"""Chapter 06, Aliases and Regions: one name, how many keys?"""
