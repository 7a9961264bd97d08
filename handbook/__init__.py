"""Write what the documents take from the code, and take the pictures."""
