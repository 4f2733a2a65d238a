"""Catalogues of the screens and the voice: one .po file a language, read as text by ``kiosk.text``."""
