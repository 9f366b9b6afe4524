"""The economy: every rule of one month. Knows neither files nor pages."""
