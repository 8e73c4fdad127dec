"""What flows through crashveil and what it may publish: records, policy, tables."""
