"""Who may do what, and why: policies are read and evaluated, and a decision keeps the steps that led to it."""
