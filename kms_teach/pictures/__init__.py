"""This is the drawing room: data in, a `Picture` out; nothing here ever calls the simulator."""
