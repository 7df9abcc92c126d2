"""This is who may do what, and why: policies are read here, and each decision keeps the steps that led to it."""
