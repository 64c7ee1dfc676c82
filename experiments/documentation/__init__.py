"""The documentation as a site: pages written by hand, pages made from the program, one builder."""
