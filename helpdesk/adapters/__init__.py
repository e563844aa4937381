"""Where other software and other wires meet the desk."""
