"""What comes in from outside: configuration checked, evidence files, dated series."""
