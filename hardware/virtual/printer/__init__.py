"""A receipt printer that is not there: it speaks ESC/POS byte by byte and fails on request.

The driver above it is the real one. Whatever a cheap printer does to an agent on the road (ends its
roll in the middle, stays silent, loses its cable) can be asked for here, and seen as a picture.
"""
