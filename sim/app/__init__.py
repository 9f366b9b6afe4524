"""The app in the browser: Solara for controls, ECharts for charts. `serve.py` starts it."""
