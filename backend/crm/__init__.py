"""Each company's own older CRM (`<ENTITY>_API_URL`): told of every lead it sold, never the proof of anything."""
