"""The colours of groups: the same in the report's figures and in the app.

They are those of Okabe & Ito (2008), which colour-blind readers can tell apart.
"""

ORANGE, SKY, GREEN = "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILION, PURPLE, BLACK, GREY = "#0072B2", "#D55E00", "#CC79A7", "#000000", "#999999"

COLOURS = {
    "small independent": ORANGE,
    "small interdependent": BLUE,
    "large independent": GREY,
    "large interdependent": PURPLE,
    "small profit-focused": SKY,
    "small sales-focused": VERMILION,
    "large profit-focused": SKY,
    "large sales-focused": VERMILION,
    "treated": GREEN,
    "control": VERMILION,
    "small": BLUE,
    "large": GREY,
    "all": BLACK,
    "market": BLACK,
}
