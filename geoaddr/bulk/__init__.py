"""The verbs over columns and files: Arrow record batches in, the same rows with answers out."""
