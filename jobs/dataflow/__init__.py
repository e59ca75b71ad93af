"""The main job on Dataflow: its Flex Template, what its workers get, and what is refused before it is submitted."""
