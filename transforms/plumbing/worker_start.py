"""What each worker process does as it starts: Beam imports this module there."""

from transforms.plumbing.free_memory import give_back_memory

give_back_memory()
