"""What an act costs, counted: the same on every machine, busy or not."""

import sys


def steps(act):
    """How many of Python's instructions it takes. What happens inside a library's compiled code is one of them."""
    counted = 0

    def instruction(frame, event, _):
        nonlocal counted
        counted += event == "opcode"
        return instruction

    def begin(frame, *_):
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return instruction

    before = sys.gettrace()
    sys.settrace(begin)
    try:
        act()
    finally:
        sys.settrace(before)
    return counted


def written(sim, act):
    """How many characters the statements have that it gives to sqlite, values included."""
    counted = 0

    def statement(text):
        nonlocal counted
        counted += len(text)

    connection = sim.service.store._db
    connection.set_trace_callback(statement)
    try:
        act()
    finally:
        connection.set_trace_callback(None)
    return counted
