"""How pictures are drawn: lettering, marks, scenes and pages; pure, and without a word about KMS."""
