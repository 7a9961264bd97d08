@echo off
rem Double-click this: it makes the workshop ready, checks it, and opens the notebooks.
setlocal
set "_code=1"
if not exist "%~dp0bootstrap.cmd" goto zip
call "%~dp0bootstrap.cmd" --help >nul 2>nul
if errorlevel 1 goto python
call "%~dp0bootstrap.cmd" start %*
set "_code=%errorlevel%"
if not "%_code%"=="0" goto stay
if defined CI goto finish
echo.
echo Write the code into the chat. Then press any key to open the notebooks, or close this window.
pause >nul
call "%~dp0bootstrap.cmd" open
goto finish

:zip
echo This is still inside the ZIP.
echo next: close this window, right-click the ZIP, choose "Extract All", and double-click start-windows in the new folder.
goto stay

:python
call "%~dp0bootstrap.cmd" --help
rem Without a Python nothing can be computed: this code says only that.
echo NOT READY  code: 8080-00P0-HR9P
echo next: install Python from https://www.python.org/downloads/ and double-click start-windows again
set "_code=2"

:stay
if not defined CI pause

:finish
exit /b %_code%
