"""Users, sessions, permissions and entity scope.

A user signs in with a password (argon2), and holds a session kept in the base. The access token is a JWT of 15 minutes
that names its session (`sid`); each call checks that the session still stands, from a memory at most a few seconds old.
"""
