"""Repairs: mistakes met at work, each a ticket that takes what several chapters teach."""
