"""Makes a process slow, or ends it, where a test asks for it: POSTKIN_FAULT=ACTION:MODE:PART:FOLDER.

When a file whose path holds PART is about to be opened for writing (MODE `write`) or replaced (`replace`), the process
writes its id into FOLDER/reached, and then waits until FOLDER/hold is gone (ACTION `hold`) or kills itself (`kill`).
"""

import os
import pathlib
import signal
import threading
import time

if fault := os.environ.get("POSTKIN_FAULT"):
    action, mode, part, folder = fault.split(":", 3)
    opened, replaced = pathlib.Path.open, pathlib.Path.replace

    def happen(path):
        if part in str(path) and "begun" not in str(path):
            new = pathlib.Path(folder, f"{os.getpid()}-{threading.get_ident()}.new")
            with opened(new, "w") as file:
                file.write(str(os.getpid()))
            replaced(new, pathlib.Path(folder, "reached"))
            if action == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            while os.path.exists(os.path.join(folder, "hold")):  # noqa: PTH110, PTH118
                time.sleep(0.02)

    def open_slowly(self, mode="r", *args, **kwargs):
        if mode == "wb":
            happen(self)
        return opened(self, mode, *args, **kwargs)

    def replace_slowly(self, target):
        happen(target)
        return replaced(self, target)

    if mode == "write":
        pathlib.Path.open = open_slowly
    else:
        pathlib.Path.replace = replace_slowly
