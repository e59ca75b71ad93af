"""What Postkin costs and how good its results are, on real posts and on made-up ones; run by hand."""
