"""Published facts about firms, and the parameters with which simulated firms come closest to them."""
