"""Providers by the names that public catalogues give them, where those differ from ours."""

_HERE = {
    "gemini": "google",
    "x-ai": "xai",
    "dashscope": "alibaba",
    "moonshot": "moonshotai",
    "cohere_chat": "cohere",
    "zhipuai": "zai",
    "z-ai": "zai",
}


def provider_here(name: str) -> str:
    """Our name of a provider. Hosts that sell others' models keep their own: their prices are theirs."""
    return _HERE.get(name, name)
