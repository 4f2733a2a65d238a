"""The commands of ``tannha``, one module each: ``add_parser`` names it, ``run`` does it and gives the exit code."""
