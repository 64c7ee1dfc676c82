"""How firms take orders, plan, set wages and build."""
