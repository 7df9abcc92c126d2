"""Chapter 07, Key policies and IAM: why am I denied?"""
