"""A fleet on one machine: what script/fleet-test runs."""
