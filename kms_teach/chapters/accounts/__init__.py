"""Chapter 09, Conditions, accounts, organizations: both said yes; why is it still no?"""
