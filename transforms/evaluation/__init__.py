"""How good the answers are, judged on tags that are held back."""
