"""Synthetic regulatory sequences whose truth is known at every base.

`background` draws sequences from a Markov chain, `embed` plants motifs in them by a `Layout`,
and `grammar` makes two classes that differ in the motifs they hold or in how a pair of motifs
stands. Each returns base codes and the `Placements` that say which motif went where; `sites`
turns the one into the other. `tasks` are published simulations, written as datasets.
"""
