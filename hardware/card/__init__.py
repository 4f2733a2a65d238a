"""Why: reads Vietnamese identity cards and any other ICAO 9303 card over PC/SC, and says what they are worth.

`pcsc` holds the reader, `reader.open_card` opens and reads, `authenticity` judges (pure: the district uses it alone).
Everything raised descends from `errors.CardError`.
"""
