"""Jobs: a verb over a file that was sent, worked on by a process of its own while the service answers others."""
