"""The HTTP service: Litestar application, controllers, access, admission and metrics."""
