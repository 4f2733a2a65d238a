"""Receipt printers: layout to raster, ESC/POS driver, honest status. Knows nothing of payouts."""
