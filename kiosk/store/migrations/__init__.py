"""The store's schema, step by step. A step that was shipped is never edited."""
