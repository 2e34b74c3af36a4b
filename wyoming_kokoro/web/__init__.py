"""Speech for other programs over HTTP: OpenAI's requests in, sound in the usual formats out."""
