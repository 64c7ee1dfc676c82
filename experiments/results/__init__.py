"""Result folders: what they hold, how they are written, read and traced to code and evidence."""
