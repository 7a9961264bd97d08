# Speak to any Python, however old, before a newer syntax is read; then hand over.
#
# This file must parse on Python 2.7: no annotations, no f-strings, nothing newer.
import sys

if sys.version_info < (3, 10):
    from projectenv import oldpython

    sys.exit(oldpython.refuse(sys.argv[1:]))

# The project's own folder stays free of __pycache__, whoever started us without -B.
sys.dont_write_bytecode = True

from projectenv import bytecode

bytecode.keep()

from projectenv import quick

sys.exit(quick.main(sys.argv[1:]))
