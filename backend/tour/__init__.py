"""The guided tour of the demonstration base: its leads, one for each visit, and what the server saw done with them."""
