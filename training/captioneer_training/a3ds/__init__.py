"""Scenes after 3D Shapes (Burgess and Kim 2018), and captions after A3DS (Tsvilodub and Franke 2023): a renderer and a grammar."""
