"""Chapter 08, Grants: how does a service get to use my key, just for now?"""
