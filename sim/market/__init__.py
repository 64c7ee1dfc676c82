"""Jobs, vacancies and the matching of seekers with them."""
