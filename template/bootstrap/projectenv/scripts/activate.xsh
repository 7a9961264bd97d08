# Activate this environment: `source` this file from xonsh; `deactivate` leaves it.

def _activate(folder):
    env = __xonsh__.env
    if "deactivate" in aliases:
        aliases["deactivate"]([])
    before = {name: env[name] for name in ("PATH", "PYTHONHOME") if name in env}
    before["PATH"] = list(before["PATH"])

    def deactivate(args):
        env.update(before)
        for name in ("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT"):
            env.pop(name, None)
        del aliases["deactivate"]

    env.pop("PYTHONHOME", None)
    env["PATH"] = [folder + "/@BIN@", *before["PATH"]]
    env["VIRTUAL_ENV"] = folder
    env["VIRTUAL_ENV_PROMPT"] = ".venv"
    aliases["deactivate"] = deactivate

_activate(@FOLDER@)
del _activate
