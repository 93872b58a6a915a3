"""Train and evaluate the model that ships. An installed package does not have this folder."""
