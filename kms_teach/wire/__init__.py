"""How the real clients reach the service: botocore's model, one HTTP exchange as a function, two transports."""
