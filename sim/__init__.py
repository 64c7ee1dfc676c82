"""The science: a regional construction labour market when guest workers are removed."""
