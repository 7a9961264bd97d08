# Activate this environment: `overlay use` this file from nushell; `deactivate` leaves it.

export-env {
    let folder = @FOLDER@
    let name = if 'Path' in $env { 'Path' } else { 'PATH' }
    load-env {
        $name: ($env | get $name | prepend ($folder | path join '@BIN@'))
        VIRTUAL_ENV: $folder
        VIRTUAL_ENV_PROMPT: '(.venv) '
    }
    if 'PYTHONHOME' in $env {
        # null is passed to no program, and unlike hide-env it ends with the overlay.
        $env.PYTHONHOME = null
    }
    let before = $env.PROMPT_COMMAND?
    if $env.VIRTUAL_ENV_DISABLE_PROMPT? == null and $before != null {
        $env.PROMPT_COMMAND = if ($before | describe) =~ closure {
            {|| $'($env.VIRTUAL_ENV_PROMPT)(do $before)' }
        } else {
            {|| $'($env.VIRTUAL_ENV_PROMPT)($before)' }
        }
    }
}

export alias deactivate = overlay hide activate
