"""These are the tasks of the chapters, one module for each."""
