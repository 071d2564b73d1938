"""Countries. A country is a profile; nothing outside a profile names one."""
