"""Measurements of Eventdesk, run by hand or by `make`: what is printed here is what the documentation says."""
