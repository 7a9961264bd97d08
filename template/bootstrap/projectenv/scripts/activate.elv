# Activate this environment: `eval (slurp < FILE)` from elvish; `deactivate` leaves it.

var folder = @FOLDER@
var scripts = $folder/@BIN@
var before = [(each {|path| if (not-eq $path $scripts) { put $path } } $paths)]
fn deactivate {
    set paths = $before
    unset-env VIRTUAL_ENV
    unset-env VIRTUAL_ENV_PROMPT
}
set paths = [$scripts $@before]
set-env VIRTUAL_ENV $folder
set-env VIRTUAL_ENV_PROMPT '(.venv) '
unset-env PYTHONHOME
# A script has no editor to hand the new command to; it keeps the environment until it ends.
try { edit:add-var deactivate~ $deactivate~ } catch { nop }
