# Find a Python by running it, and hand over to the bootstrap folder beside this file.
# For Windows PowerShell 5.1 and later. If scripts are disabled here, bootstrap.cmd does the same.

if ($env:OS -ne 'Windows_NT') {
    & sh (Join-Path $PSScriptRoot 'bootstrap.sh') @args
    exit $LASTEXITCODE
}

# Exit code 77 is what only a real Python answers; the Store's stub and empty launchers have others.
$probe = 'import sys; sys.exit(77 - (sys.version_info < (3, 10)))'
$own = Join-Path $PSScriptRoot '.venv\Scripts\'
$candidates = @(@('py', '-3'), @('python3'), @('python'))
$candidates += @(Get-Item "$env:LOCALAPPDATA\Programs\Python\Python3*\python.exe" -ErrorAction SilentlyContinue |
    ForEach-Object { , @($_.FullName) })
if (Get-Command uv -ErrorAction SilentlyContinue) {
    $candidates += , @("$(& uv python find --system --no-python-downloads 3 2>$null)")
}
$python = $null
$old = $null
foreach ($candidate in $candidates) {
    $program = Get-Command $candidate[0] -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    # Windows locks a program while it runs, so an environment cannot be remade by its own Python.
    if (-not $program -or $program.Source -like "$own*") { continue }
    $options = @($candidate | Select-Object -Skip 1)
    try { & $program.Source @options -E -s -S -B -c $probe 2>$null | Out-Null } catch { continue }
    if ($LASTEXITCODE -eq 77) { $python = @($program.Source) + $options; break }
    if ($LASTEXITCODE -eq 76 -and -not $old) { $old = @($program.Source) + $options }
}
if (-not $python -and -not $old) {
    [Console]::Error.WriteLine('error: no Python that runs was found on this machine.')
    [Console]::Error.WriteLine('The bootstrap needs one, 3.10 or newer; it makes everything else itself.')
    [Console]::Error.WriteLine('Next: winget install Python.Python.3.13   (or get it from https://www.python.org/downloads/)')
    if (Get-Command uv -ErrorAction SilentlyContinue) { [Console]::Error.WriteLine('  or: uv python install   (uv is here)') }
    [Console]::Error.WriteLine('Then: .\bootstrap.ps1')
    exit 2
}

# Before 7.3, PowerShell drops empty arguments and leaves quotes as they are; before 6, a final backslash eats a quote.
$version = $PSVersionTable.PSVersion
$passed = @(foreach ($word in $args) {
    $text = "$word"
    if ($version -lt [version]'7.3') { $text = $text -replace '(\\*)"', '$1$1\"' }
    if ($version.Major -lt 6 -and $text -match '\s') { $text = $text -replace '(\\+)$', '$1$1' }
    if ($version -lt [version]'7.3' -and $text -eq '') { '""' } else { $text }
})
$flags = if ($python) { @('-I', '-B') } else { $python = $old; @('-B') }
$options = @($python | Select-Object -Skip 1)
& $python[0] @options @flags (Join-Path $PSScriptRoot 'bootstrap') @passed
exit $LASTEXITCODE
