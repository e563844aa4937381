"""The composition root: settings, URLs, navigation, health and commands that span the apps."""
