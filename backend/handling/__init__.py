"""What people do to leads by hand: set aside, note, re-route, withdraw, bring evidence of consent."""
