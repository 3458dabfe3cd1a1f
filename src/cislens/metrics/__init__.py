"""Pure functions of arrays that say how good a prediction or a motif is."""
