"""Why: a card program that answers real APDUs behind a real PC/SC service, for demo, practice and tests.

Its files are signed by an issuer of its own, whose certificates are marked and count as simulated everywhere.
"""
