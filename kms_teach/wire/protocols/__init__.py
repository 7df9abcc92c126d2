"""The protocols of AWS: how a request becomes an operation with its parameters, and a result or an error a reply."""
