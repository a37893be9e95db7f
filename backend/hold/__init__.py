"""The brake of the house: while it is on, nothing leaves. Rows wait in the outbox; the work inside goes on."""
