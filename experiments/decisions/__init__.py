"""Commands that turn runs into decisions: one method a file, over one thin shared part."""
