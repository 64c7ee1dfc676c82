"""The science: a regional construction labour market when guest workers are removed."""

from sim.source_changes import sources_changed as sources_changed
