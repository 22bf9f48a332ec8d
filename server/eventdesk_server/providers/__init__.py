"""Adapters, one package a platform. They never import each other."""
