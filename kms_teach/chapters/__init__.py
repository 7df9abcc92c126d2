"""The chapters of the course, one package each; no chapter imports another.

In each, `picture`, `lab`, `questions` and `tasks` are what its notebook imports.
"""
