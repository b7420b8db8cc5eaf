"""A real Kubernetes of one node, for the tests that run pods: its binaries are built from its Go module."""
