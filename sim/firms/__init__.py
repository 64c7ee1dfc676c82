"""Rules of firms: orders and prices, planned labour, posted wages, output."""
