"""What leads cost, what they bring, and what is left: purchase prices of providers, margins of weeks and sources."""
