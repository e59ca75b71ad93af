"""What the blog's own tags teach about a text: evidence for each tag, weighed into a probability."""
