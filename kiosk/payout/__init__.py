"""The domain of Tận Nhà: who may be paid what, once, and what was handed over.

Standard library only: no clock, no files, no crypto library, no UI. Everything here is a value
or a function of values, so that every money rule can be tested, mutated and simulated alone.
"""
