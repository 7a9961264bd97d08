@echo off
rem Double-click this: it makes the workshop ready, checks it, and opens the notebooks.
setlocal
if not exist "%~dp0bootstrap.cmd" goto zip
call "%~dp0bootstrap.cmd" start %*
if errorlevel 1 goto stay
if defined CI goto finish
echo.
echo Write the code into the chat, if you were asked to.
echo Press any key to open the notebooks, or close this window.
pause >nul
call "%~dp0bootstrap.cmd" open
goto finish

:zip
echo This is still inside the ZIP.
echo next: close this window, right-click the ZIP, choose "Extract All", and double-click start-windows in the new folder.

:stay
set "_code=1"
if not defined CI pause
exit /b %_code%

:finish
exit /b %errorlevel%
