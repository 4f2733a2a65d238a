"""The demonstration: a practice district, a courier and a kiosk as real processes around virtual devices.

It is also the training mode: everything is as on the road, and everything says that it is practice (M8).
"""
