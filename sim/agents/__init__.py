"""Workers and state actors as Mesa agents.

A worker agent is a light view of one row of the columns; two state actors decide for everybody.
"""
