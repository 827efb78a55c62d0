"""The live floor: sockets, their frames and outboxes, and how they end; it knows no table and no template."""
