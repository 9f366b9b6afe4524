"""The page in the browser: Solara for what can be set and pressed, ECharts for what is drawn. Started by `serve.py`."""
