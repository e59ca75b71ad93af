"""The names of measures, and of the methods that they judge."""

RELATED, UNTAGGED = "related dice@4", "untagged related dice@4"
MAP, F1, NDCG = "tags map@10", "tags f1@5", "tags ndcg@10"
CALIBRATION = "tags calibration error"
SILHOUETTE, AGREEMENT, CHANCE = "clusters silhouette", "clusters agreement with tags", "clusters agreement by chance"

LEARNED, ONLY_LEARNED, TEXT = "text and learned tags", "learned tags", "text"
WORDS, OVERLAP = "tf-idf cosine", "shared tags and recency"
BLEND, MEANS, NAMES = "blend", "means", "names"
POPULAR, RANDOM = "most popular", "random"
