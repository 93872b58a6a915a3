"""OpenAI's protocols on chat turns: requests to turns, replies and events to bodies and streams."""
