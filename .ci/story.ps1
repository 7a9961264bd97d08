# Tell the README's story on Windows: powershell -File .ci\story.ps1   (5.1, and pwsh 7 alike)
$ErrorActionPreference = 'Stop'

function Assert-Success([string] $What) {
    if ($LASTEXITCODE -ne 0) { throw "$What ended with exit code $LASTEXITCODE" }
}

$Work = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
$Project = Join-Path $Work 'my project'
New-Item -ItemType Directory -Path $Work | Out-Null

Write-Output "PowerShell $($PSVersionTable.PSVersion)"
python start.py new $Project --defaults
Assert-Success 'start.py new'

Set-Location $Project
$Said = .\bootstrap.ps1
Assert-Success 'bootstrap.ps1'
if (-not ($Said -match '^Nothing to do')) { throw "a second run did something: $Said" }

.\bootstrap.ps1 run pytest -q
Assert-Success 'bootstrap.ps1 run pytest'
.\bootstrap.ps1 run python -c 'import sys; sys.exit(7)'
if ($LASTEXITCODE -ne 7) { throw "the exit code 7 arrived as $LASTEXITCODE" }

cmd /d /c 'bootstrap.cmd check'
Assert-Success 'bootstrap.cmd check'
cmd /d /c '.venv\Scripts\activate.bat && python -m pip --version'
Assert-Success 'activate.bat'
& .\.venv\Scripts\Activate.ps1
python -c 'import requests'
Assert-Success 'Activate.ps1'
