"""Chapter 00, Start here: what is this pretend AWS?"""
