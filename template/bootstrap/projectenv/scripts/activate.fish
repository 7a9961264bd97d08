# Activate this environment: `source` this file from fish; `deactivate` leaves it.

function deactivate --description 'Leave the virtual environment'
    if set -q _OLD_VIRTUAL_PATH
        set -gx PATH $_OLD_VIRTUAL_PATH
        set -eg _OLD_VIRTUAL_PATH
    end
    if set -q _OLD_VIRTUAL_PYTHONHOME
        set -gx PYTHONHOME $_OLD_VIRTUAL_PYTHONHOME
        set -eg _OLD_VIRTUAL_PYTHONHOME
    end
    if functions -q _old_fish_prompt
        functions -e fish_prompt
        functions -c _old_fish_prompt fish_prompt
        functions -e _old_fish_prompt _venv_status
    end
    set -eg VIRTUAL_ENV
    set -eg VIRTUAL_ENV_PROMPT
    test "$argv[1]" = nondestructive; or functions -e deactivate
end

deactivate nondestructive
set -gx VIRTUAL_ENV @FOLDER@
if type -q cygpath
    set -gx VIRTUAL_ENV (cygpath -u $VIRTUAL_ENV)
end
set -gx VIRTUAL_ENV_PROMPT '(.venv) '
set -g _OLD_VIRTUAL_PATH $PATH
set -gx PATH $VIRTUAL_ENV/@BIN@ $PATH
if set -q PYTHONHOME
    set -g _OLD_VIRTUAL_PYTHONHOME $PYTHONHOME
    set -e PYTHONHOME
end
if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"; and functions -q fish_prompt
    functions -c fish_prompt _old_fish_prompt
    function _venv_status
        return $argv[1]
    end
    function fish_prompt
        # The prompt below may show the last command's exit code.
        set -l last $status
        printf %s $VIRTUAL_ENV_PROMPT
        _venv_status $last
        _old_fish_prompt
    end
end
