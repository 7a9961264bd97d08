@echo off
rem Find a Python by running it, and hand over to the bootstrap folder beside this file.
rem Exit code 77 is what only a real Python answers; the Store's stub and empty launchers have others.
setlocal disabledelayedexpansion
set "_here=%~dp0"
set "_probe=import sys; sys.exit(76 + min(1, sys.hexversion // 0x30a0000))"
set "_python="
set "_old="
call :try py.exe -3
call :try python3.exe
call :try python.exe
for /d %%D in ("%LOCALAPPDATA%\Programs\Python\Python3*" "%USERPROFILE%\.pyenv\pyenv-win\versions\3*") do call :try "%%~D\python.exe"
if not defined _python for /f "delims=" %%P in ('uv python find --system --no-python-downloads 3 2^>nul') do call :try "%%~P"
if not defined _python goto old
%_python% -I -B "%_here%bootstrap" %*
goto done

:old
if not defined _old goto none
%_old% -B "%_here%bootstrap" %*
goto done

:none
echo error: no Python that runs was found on this machine.>&2
echo The bootstrap needs one, 3.10 or newer; it makes everything else itself, without administrator.>&2
echo Next: winget install Python.Python.3.13   (or get it from https://www.python.org/downloads/)>&2
uv --version >nul 2>nul
if not errorlevel 1 echo   or: uv python install   (uv is here)>&2
echo Then: bootstrap.cmd>&2
set "_code=2"
goto finish

:done
set "_code=%errorlevel%"

:finish
rem A double click opens a window that would close on the message.
if not "%_code%"=="0" if "%~1"=="" if not defined CI call :stay
exit /b %_code%

:stay
set "_line=%cmdcmdline:"=%"
if not "%_line:/c =%"=="%_line%" pause
exit /b

:try
if defined _python exit /b
rem Only programs: pyenv-win's batch files would not come back.
set "_found=%~$PATH:1"
if not defined _found if exist "%~1" set "_found=%~1"
if not defined _found exit /b
rem Windows locks a program while it runs, so an environment cannot be remade by its own Python.
if /i "%_found%"=="%_here%.venv\Scripts\%~1" exit /b
"%_found%" %2 -E -s -S -B -c "%_probe%" >nul 2>nul <nul
if %errorlevel%==77 set _python="%_found%" %2
if %errorlevel%==76 if not defined _old set _old="%_found%" %2
exit /b
