"""The settings that a report names, by what run.json has of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transforms.encoders import kind_of
from transforms.records import TagMethod

METHODS: Mapping[TagMethod, str] = {
    "blend": "all evidence, weighed into probabilities",
    "means": "the means of the posts that carry them",
    "names": "their encoded names",
}


def shown_settings(run: Mapping[str, Any]) -> dict[str, str]:
    """Name what a run was asked for, and the encoder that it used."""
    config, encoder = run["config"], run["encoder"]
    recent = ", newer ones preferred" if config["prefer_recent"] else ""
    clusters = "as many as their silhouettes ask for" if config["clusters"] == "auto" else str(config["clusters"])
    return {
        "texts encoded": ", ".join(config["text"] or kind_of(config["encoder"]).parts),
        "related articles a post": str(config["related"]),
        "related by": ", ".join(config["related_by"]) + recent,
        "tags recommended by": METHODS[config["tags"]],
        "least confidence": f"{config['min_confidence']:g}" if config["min_confidence"] else "none asked for",
        "clusters asked for": clusters,
        "new since": config["split_date"] or "a year before the newest post",
        "as of": config["as_of"],
        "brought in": ", ".join(config["include"]) or "nothing that is skipped by default",
        "encoder": f"{encoder['name']} {encoder['version']}",
        "model": encoder["digest"][:12],
        "dimensions": f"{encoder['dim']} (neighbours and clusters: {encoder['neighbor_dim']})",
        "postkin": run["version"],
    }
