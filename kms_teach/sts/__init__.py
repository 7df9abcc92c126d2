"""STS: who am I, and temporary credentials: a session of a role, or of a user."""
