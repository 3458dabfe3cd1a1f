"""DNA and RNA as codes and tensors: alphabets, one-hot, edits, shuffles, motifs and their files."""
