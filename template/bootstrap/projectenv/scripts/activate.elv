# Activate this environment: `eval (slurp < FILE)` from elvish; `deactivate` leaves it.

var folder = @FOLDER@
var scripts = $folder/@BIN@
var before = [(each {|path| if (not-eq $path $scripts) { put $path } } $paths)]
fn deactivate {
    set paths = $before
    if (has-env _OLD_VIRTUAL_PYTHONHOME) {
        set-env PYTHONHOME $E:_OLD_VIRTUAL_PYTHONHOME
        unset-env _OLD_VIRTUAL_PYTHONHOME
    }
    unset-env VIRTUAL_ENV
    unset-env VIRTUAL_ENV_PROMPT
}
set paths = [$scripts $@before]
set-env VIRTUAL_ENV $folder
set-env VIRTUAL_ENV_PROMPT '(.venv) '
if (has-env PYTHONHOME) {
    set-env _OLD_VIRTUAL_PYTHONHOME $E:PYTHONHOME
    unset-env PYTHONHOME
}
# A script has no editor to hand the new command to; it keeps the environment until it ends.
try { edit:add-var deactivate~ $deactivate~ } catch { nop }
