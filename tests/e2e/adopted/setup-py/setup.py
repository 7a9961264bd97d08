"""requests 2.18 (psf/requests, setup.py): name and dependencies only."""

from setuptools import setup

requires = ["chardet>=3.0.2,<3.1.0", "idna>=2.5,<2.7", "urllib3>=1.21.1,<1.23", "certifi>=2017.4.17"]

setup(name="requests", version="2.18", packages=[], install_requires=requires)
