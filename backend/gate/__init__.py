"""May this leave now? The one gate before each batch and each send by hand (rule 15)."""
