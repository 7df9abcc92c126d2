"""These are the others who call KMS: programs of the learner's own, and services that hold a learner's data."""
