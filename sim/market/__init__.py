"""Where seekers and vacancies meet."""
