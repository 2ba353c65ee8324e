"""The script that Streamlit runs; apart, since it takes a folder `pages` beside that for pages of its own."""
