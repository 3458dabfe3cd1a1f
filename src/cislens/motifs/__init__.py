"""What a network has learnt: filters as motifs, and the known factors they match."""
