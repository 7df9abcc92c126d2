"""These are the questions of the chapters: what to predict before a call, and what to test oneself by afterwards.

Each of the second kind has a run of its own, in a simulator that nobody else sees.
"""
