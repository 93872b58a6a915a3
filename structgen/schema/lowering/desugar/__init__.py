"""Rewrite keywords that no grammar backend has into alternatives of keywords that it has."""
