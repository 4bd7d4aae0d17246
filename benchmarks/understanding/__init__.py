"""`make quality`: how well the product understands, beside NLP.js and vanilla Rasa, on the same data in one run."""
