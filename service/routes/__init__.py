"""HTTP resources, one file each; the wire shapes stand under the same names in schemas."""
