"""Facts and pictures that every chapter uses: a call opened, a decision, a condition, a change; pure."""
