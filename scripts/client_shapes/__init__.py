"""How the API's shapes become typed dictionaries of the client."""
