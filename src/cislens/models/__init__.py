"""Networks and what one may ask of them: predictions, gradients, activations."""
