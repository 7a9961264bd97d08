"""add-trailing-comma 1.3.0 (asottile/add-trailing-comma, setup.py)."""

from setuptools import setup

setup()
