"""Set operations on schemas: negation, difference, disjointness and disjunctive normal form."""
