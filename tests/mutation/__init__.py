"""Mutation testing: small errors put into the science one at a time; the tests must find each."""
