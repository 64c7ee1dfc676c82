"""Methods of decisions: pure functions over arrays, each with known answers in its tests."""
