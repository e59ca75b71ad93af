"""What an editor should mend in the tags of a blog."""
