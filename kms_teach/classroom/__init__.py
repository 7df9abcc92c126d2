"""A class on one server: who is in it, each learner's account and key, the tasks set there, and the teacher's board."""
