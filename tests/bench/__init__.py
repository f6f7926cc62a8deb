"""Speed, measured against what a user would otherwise use, in one run. Printed, never asserted."""
