"""The settings that a report names, by what run.json has of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.words.format import chance
from reports.words.language import ENGLISH, Language, to_say
from transforms.encoders.registry import kind_of
from transforms.results import LEAST_RELATED, TagMethod

METHODS: Mapping[TagMethod, str] = {
    "blend": to_say("all evidence, weighed into probabilities"),
    "means": to_say("the means of the posts that carry them"),
    "names": to_say("their encoded names"),
}


def shown_settings(run: Mapping[str, Any], say: Language = ENGLISH) -> dict[str, str]:
    """Name what a run was asked for, and the encoder that it used."""
    config, encoder = run["config"], run["encoder"]
    parts, method = ", ".join(config["related_by"]), METHODS[config["tags"]]
    return {
        say("texts encoded"): say("none: their vectors were given")
        if config.get("vectors")
        else ", ".join(config["text"] or kind_of(config["encoder"]).parts),
        say("related posts for each post"): str(config["related"]),
        say("related by"): say("{parts}, newer ones preferred", parts=parts) if config["prefer_recent"] else parts,
        say("tags recommended by"): say(method),
        say("least confidence"): say("{least} for related posts", least=f"{LEAST_RELATED:g}")
        if config["min_confidence"] is None
        else f"{config['min_confidence']:g}",
        say("tags proposed from a probability of"): chance(run["tag_trial"]["least"])
        if config["tags"] == "blend"
        else say("none: they have cosines"),
        say("themes asked for"): say("as many as their silhouettes ask for")
        if config["clusters"] == "auto"
        else str(config["clusters"]),
        say("new since"): config["split_date"] or say("a year before the newest post"),
        say("as of"): config["as_of"],
        say("brought in"): ", ".join(config["include"]) or say("nothing that is skipped by default"),
        say("encoder"): f"{encoder['name']} {encoder['version']}",
        say("model"): encoder["digest"][:12],
        say("dimensions"): say(
            "{dim} (neighbours and themes: {neighbor_dim})", dim=encoder["dim"], neighbor_dim=encoder["neighbor_dim"]
        ),
        say("postkin"): run["version"],
    }
