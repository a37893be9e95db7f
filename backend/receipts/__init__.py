"""Proofs of delivery: what each batch held, its hash, who took it, and what their server said."""
