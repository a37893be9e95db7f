"""The documents of money: one printable description, its PDF, its Factur-X XML, the exports of the accountant."""
