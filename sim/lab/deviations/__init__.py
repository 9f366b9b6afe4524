"""Which rule could a firm break alone, and gain? A few firms deviate from the rules, and all others follow them."""
